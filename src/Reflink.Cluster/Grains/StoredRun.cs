namespace Reflink.Cluster.Grains;

/// <summary>A result on its way to storage, and in it.</summary>
[GenerateSerializer, Immutable, Alias("reflink.run")]
internal sealed record StoredRun(
    [property: Id(0)] int Run, [property: Id(1)] byte[] Text, [property: Id(2)] bool HasFailed, [property: Id(3)] DateTimeOffset Began, [property: Id(4)] long Milliseconds);
