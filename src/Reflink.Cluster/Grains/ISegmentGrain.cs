namespace Reflink.Cluster.Grains;

/// <summary>The results of some runs of a study; its key is the number of the segment and the id of the study.</summary>
[Alias("reflink.segment-grain")]
internal interface ISegmentGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Stores results, and answers when they are stored. The first result of a run stays.</summary>
    [Alias("put")]
    Task<Kept> Put(StoredRun[] runs);

    /// <summary>The runs that are stored, in the order in which they came, failed ones as their complement (~run).</summary>
    [Alias("runs")]
    Task<int[]> Runs();

    /// <summary>Some results in that order.</summary>
    /// <param name="after">How many are left out in front.</param>
    [Alias("fetch")]
    Task<StoredRun[]> Fetch(int after);
}
