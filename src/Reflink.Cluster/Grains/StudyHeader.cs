namespace Reflink.Cluster.Grains;

/// <summary>What is stored of a study besides its results.</summary>
[GenerateSerializer, Alias("reflink.header")]
internal sealed class StudyHeader
{
    /// <summary>The submission as JSON; empty before there is one.</summary>
    [Id(0)]
    public string Submission { get; set; } = "";

    [Id(1)]
    public bool IsCancelled { get; set; }

    /// <summary>How often each run ended badly that did.</summary>
    [Id(2)]
    public Dictionary<int, int> Attempts { get; set; } = [];

    /// <summary>How often a run was done again though its result was stored.</summary>
    [Id(3)]
    public long Repeated { get; set; }
}
