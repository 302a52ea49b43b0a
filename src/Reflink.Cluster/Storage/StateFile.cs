namespace Reflink.Cluster.Storage;

/// <summary>A state with its version.</summary>
[GenerateSerializer, Alias("reflink.file`1")]
internal sealed record StateFile<T>([property: Id(0)] string Version, [property: Id(1)] T State);
