namespace Reflink.Studies.Clusters;

/// <summary>How far a study is on a cluster.</summary>
/// <param name="Id">The study, as <see cref="StudySubmission"/> names it.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Total">Runs that there are.</param>
/// <param name="Done">Runs whose results are stored.</param>
/// <param name="Failed">How many of these failed.</param>
/// <param name="Leased">Runs that workers have just now.</param>
/// <param name="Repeated">How often a run was done again though its result was stored, because its worker had been taken for dead.</param>
/// <param name="Workers">Workers that asked for runs or renewed leases lately.</param>
/// <param name="Silo">The silo that has its queue, by address.</param>
/// <param name="Segments">How many results are stored of each <see cref="SegmentSize"/> runs.</param>
/// <param name="Remarks">What hinders it, a sentence each.</param>
public sealed record StudyStatus(
    string Id, StudyState State, long Total, long Done, long Failed, long Leased, long Repeated, int Workers, string Silo, IReadOnlyList<int> Segments, IReadOnlyList<string> Remarks)
{
    /// <summary>Runs that are stored and fetched together: a million runs are a thousand segments, and the counts of these fit one answer.</summary>
    public const int SegmentSize = 1024;
}
