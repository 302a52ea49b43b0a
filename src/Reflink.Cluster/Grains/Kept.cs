namespace Reflink.Cluster.Grains;

/// <summary>What became of results that were handed to a segment.</summary>
/// <param name="Repeated">How many had been stored before, with the same bytes.</param>
/// <param name="Different">Runs that had been stored before with other bytes, which stay.</param>
[GenerateSerializer, Immutable, Alias("reflink.kept")]
internal sealed record Kept([property: Id(0)] int Repeated, [property: Id(1)] int[] Different);
