namespace Reflink.Studies.Replaying;

/// <summary>What a machine did with a trace, after the warm-up.</summary>
/// <param name="Policy">What chose whom to evict.</param>
/// <param name="Pages">Pages of memory.</param>
/// <param name="Accesses">Accesses to pages.</param>
/// <param name="Misses">Accesses that read the store, if only to read ahead of a page that they found.</param>
/// <param name="MinorFaults">Faults that found their page in memory.</param>
/// <param name="MajorFaults">Faults that had to read it.</param>
/// <param name="StoreReads">Pages read, those that were read ahead among them.</param>
/// <param name="StoreWrites">Pages written.</param>
/// <param name="Evicted">Frames that were evicted.</param>
/// <param name="Scanned">Pages that reclaim looked at.</param>
/// <param name="Stolen">Those that left because memory was short.</param>
/// <param name="Stalls">How often an access had to reclaim memory by itself.</param>
/// <param name="StalledNanoseconds">How long that took together.</param>
/// <param name="DiskWaitNanoseconds">How long the disk was waited for.</param>
/// <param name="PausedNanoseconds">Of that, how long because too many pages were dirty.</param>
/// <param name="FileRefaults">Pages of files that came back, as far as the policy remembers those that left (workingset_refault_file); null if it does not count that.</param>
/// <param name="AnonymousRefaults">The same of anonymous pages.</param>
/// <param name="PeakFrames">The most frames in use at once.</param>
/// <param name="Nanoseconds">Simulated time, by the machine's prices.</param>
public sealed record MachineReplayRow(
    string Policy, long Pages, long Accesses, long Misses, long MinorFaults, long MajorFaults, long StoreReads, long StoreWrites, long Evicted, long Scanned, long Stolen, long Stalls, long StalledNanoseconds, long DiskWaitNanoseconds, long PausedNanoseconds, long? FileRefaults, long? AnonymousRefaults, int PeakFrames, long Nanoseconds)
{
    /// <summary>Misses an access.</summary>
    public double MissRatio => (double)Misses / Accesses;

    /// <summary>Merged pages in use at the end (pages_shared); null where nothing is merged.</summary>
    public long? PagesShared { get; init; }

    /// <summary>Further mappings of them: the pages that are saved (pages_sharing).</summary>
    public long? PagesSharing { get; init; }

    /// <summary>Simulated time that ksmd took.</summary>
    public long? MergeNanoseconds { get; init; }
}
