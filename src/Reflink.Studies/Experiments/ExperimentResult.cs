using System.Text.Json.Serialization;

namespace Reflink.Studies.Experiments;

/// <summary>What the steps of an experiment left in one machine.</summary>
/// <param name="Keying">By what its page cache finds pages.</param>
/// <param name="MemoryFrames">Frames that the machine has.</param>
/// <param name="Steps">What each step did.</param>
/// <param name="Files">Files and the copies of processes, in order of their names.</param>
/// <param name="Frames">Which frame serves whom, in the order of files and pages.</param>
/// <param name="PeakFrames">The most frames that were in use at any time.</param>
/// <param name="Snapshot">The state of the whole machine at the end.</param>
public sealed record ExperimentResult(
    CacheKeying Keying, int MemoryFrames, IReadOnlyList<StepFigures> Steps, IReadOnlyList<CachedFile> Files, IReadOnlyList<FrameRun> Frames,
    int PeakFrames, [property: JsonIgnore] Snapshot Snapshot)
{
    /// <summary>What chose whom to evict.</summary>
    public required string Policy { get; init; }

    /// <summary>What the policy learned of loads and stores.</summary>
    public required ReferenceTracking References { get; init; }

    /// <summary>How long the steps took, in simulated nanoseconds, where the disk takes time or daemons write; null elsewhere.</summary>
    public long? Nanoseconds { get; init; }

    /// <summary>Why pages of each mapping do not merge, in the order in which files were mapped.</summary>
    [JsonIgnore]
    public IReadOnlyList<MappingExplanation> Merging { get; init; } = [];

    /// <summary>Frames that hold a page of somebody.</summary>
    public long FramesInUse => Frames.Sum(f => (long)f.Count);

    /// <summary>Pages that have a frame, counted once for everyone who owns them.</summary>
    public long CachedPages => Files.Sum(f => f.Cached);

    /// <summary>Bytes that would be needed besides if each of these pages had a frame of its own.</summary>
    public long SharedBytes => (CachedPages - FramesInUse) * Reflink.Page.Size;

    /// <summary>Pages read from the store in all steps.</summary>
    public long StoreReads => Steps.Sum(s => s.StoreReads);

    /// <summary>Pages written to the store in all steps.</summary>
    public long StoreWrites => Steps.Sum(s => s.StoreWrites);

    /// <summary>Frames evicted in all steps.</summary>
    public long Evicted => Steps.Sum(s => s.Evicted);
}
