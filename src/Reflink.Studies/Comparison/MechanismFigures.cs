namespace Reflink.Studies.Comparison;

/// <summary>What one mechanism cost. Sums over all processes, counted in the frame table of the machine with ample memory.</summary>
public sealed record MechanismFigures
{
    /// <summary>The mechanism.</summary>
    public required string Name { get; init; }

    /// <summary>What the figures do not say and readers should know, as a sentence without a subject; null if nothing.</summary>
    public string? Caveat { get; init; }

    /// <summary>What the cache finds file pages by: block, or inode.</summary>
    public required CacheKeying Keying { get; init; }

    /// <summary>Who may share the pages that equal patches make, on its machine.</summary>
    public required SharingDomain Domain { get; init; }

    /// <summary>Distinct frames that hold patched bytes, after every process has loaded its patched text.</summary>
    public required long PatchedFrames { get; init; }

    /// <summary>The same, counted from the patches alone, without a machine; if they differ, something is wrong.</summary>
    public required long ExpectedFrames { get; init; }

    /// <summary>Frames of anonymous blocks that exactly one entry leads to, at that moment.</summary>
    public required long PrivateFrames { get; init; }

    /// <summary>All frames that hold a block, at that moment; before the first mapping there were none.</summary>
    public required long TotalFrames { get; init; }

    /// <summary>The most frames that held a block at once, from before the first patch until every process had loaded its patched text.</summary>
    public required long PatchPeakFrames { get; init; }

    /// <summary>The most frames that held a block at once, from before the first patch until all processes had exited.</summary>
    public required long PeakFrames { get; init; }

    /// <summary>Proportional set size of all processes before patching, exact: their text, and what else the mechanism has them map.</summary>
    public required long PssBytesBefore { get; init; }

    /// <summary>Proportional set size of all processes after patching, exact.</summary>
    public required long PssBytes { get; init; }

    /// <summary>Pss lines of /proc/pid/smaps added up, before patching: cut to KiB a mapping, as Linux cuts.</summary>
    public required long SmapsPssKiBBefore { get; init; }

    /// <summary>Pss lines of /proc/pid/smaps added up, after patching.</summary>
    public required long SmapsPssKiB { get; init; }

    /// <summary>Private_Dirty of all processes after patching.</summary>
    public required long PrivateDirtyBytes { get; init; }

    /// <summary>Mappings of a process after patching; the most, should they differ.</summary>
    public required int VmasPerProcess { get; init; }

    /// <summary>Simulated time of the processes and of the tool that patches: the calls, and the faults of loading all text once after them.</summary>
    public required long CallerNs { get; init; }

    /// <summary>Simulated time of everyone else meanwhile.</summary>
    public required long DaemonNs { get; init; }

    /// <summary>Merged pages, as KSM counts them after patching (pages_shared); of all partitions.</summary>
    public required long PagesShared { get; init; }

    /// <summary>Further mappings of merged pages (pages_sharing); of all partitions.</summary>
    public required long PagesSharing { get; init; }

    /// <summary>Bytes that merging saves, less what the kernel would remember pages by (general_profit); of all partitions.</summary>
    public required long GeneralProfit { get; init; }

    /// <summary>Pairs of users who share a frame that merging or patching made, summed over these frames: what one may learn of another.</summary>
    public required long ExposedPairs { get; init; }

    /// <summary>After revert: frames that are mapped or dirty and hold a block that was neither before patching.</summary>
    public required long FramesAfterRevert { get; init; }

    /// <summary>After revert: clean frames of derived pages, and with a cache keyed by inode of derived inodes, that nobody maps.</summary>
    public required long CachedAfterRevert { get; init; }

    /// <summary>As <see cref="FramesAfterRevert"/>, after all processes have exited.</summary>
    public required long FramesAfterExit { get; init; }

    /// <summary>As <see cref="CachedAfterRevert"/>, after all processes have exited.</summary>
    public required long CachedAfterExit { get; init; }

    /// <summary>Who runs patched code when one process asks for it.</summary>
    public required MechanismScope Scope { get; init; }
}
