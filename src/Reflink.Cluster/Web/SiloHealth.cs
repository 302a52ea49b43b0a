namespace Reflink.Cluster.Web;

/// <summary>What a silo says of itself and of the cluster.</summary>
/// <param name="Status">Always <c>ok</c>: a silo that is not well does not answer.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Silo">Its address.</param>
/// <param name="Silos">The silos that are up, by address.</param>
internal sealed record SiloHealth(string Status, string Version, string Silo, IReadOnlyList<string> Silos);
