namespace Reflink.Cluster.Grains;

/// <summary>Results that are written to storage at once: a segment is a row of these, and only the last one grows.</summary>
[GenerateSerializer, Alias("reflink.block")]
internal sealed class SegmentBlock
{
    [Id(0)]
    public List<StoredRun> Runs { get; set; } = [];
}
