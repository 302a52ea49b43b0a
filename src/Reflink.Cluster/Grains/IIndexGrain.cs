namespace Reflink.Cluster.Grains;

/// <summary>The one list of the cluster's studies; its key is 0.</summary>
[Alias("reflink.index-grain")]
internal interface IIndexGrain : IGrainWithIntegerKey
{
    /// <summary>Notes that workers take runs of a study from now on.</summary>
    [Alias("open")]
    Task Open(string study);

    /// <summary>Notes that a study has no run to take any more.</summary>
    [Alias("close")]
    Task Close(string study);

    /// <summary>The studies that workers take runs of, in the order in which they were handed in.</summary>
    [Alias("list-open")]
    Task<string[]> ListOpen();

    /// <summary>All studies, in the order in which they were handed in.</summary>
    [Alias("list")]
    Task<string[]> List();
}
