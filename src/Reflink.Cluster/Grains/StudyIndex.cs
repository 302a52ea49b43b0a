namespace Reflink.Cluster.Grains;

/// <summary>Which studies a cluster has.</summary>
[GenerateSerializer, Alias("reflink.index")]
internal sealed class StudyIndex
{
    /// <summary>All, in the order in which they were handed in.</summary>
    [Id(0)]
    public List<string> All { get; set; } = [];

    /// <summary>Those whose runs workers take.</summary>
    [Id(1)]
    public HashSet<string> Open { get; set; } = [];
}
