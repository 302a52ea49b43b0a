namespace Reflink.Cluster.Grains;

/// <summary>How grains name where their state is kept.</summary>
internal static class StoreNames
{
    /// <summary>The one storage of the cluster.</summary>
    public const string Studies = "studies";
}
