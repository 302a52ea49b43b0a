namespace Reflink.Cluster.Grains;

/// <summary>A run whose result is stored.</summary>
[GenerateSerializer, Immutable, Alias("reflink.finished")]
internal sealed record FinishedRun([property: Id(0)] int Run, [property: Id(1)] bool HasFailed);
