namespace Reflink.Cache.Policies;

/// <summary>What a policy that looks at folios itself before it chooses asks of the machine whose frames it chooses among.</summary>
public interface IReclaimHost
{
    /// <summary>Whether anonymous pages can leave memory: there is swap, and it is not full.</summary>
    bool HasSwap { get; }

    /// <summary>The machine's clock, in nanoseconds; 0 where there is none.</summary>
    long Now => 0;

    /// <summary>Whether a folio, named by its first frame, has to be written before it can leave.</summary>
    bool IsDirty(FrameNumber frame);

    /// <summary>
    /// Whether a folio of a file, named by its first frame, cannot leave before a daemon has written it. Then the policy is told
    /// (<see cref="IAgingPolicy.Rotated"/>).
    /// </summary>
    bool Postpones(FrameNumber frame);

    /// <summary>Everything that was looked at is dirty: the daemon is to write what is dirty now (wakeup_flusher_threads, fs/fs-writeback.c).</summary>
    void WriteDirty();

    /// <summary>
    /// Clears the accessed bits of all page-table entries that lead to a folio (ptep_clear_flush_young): the next use of each of them is told again.
    /// </summary>
    void ClearAccessed(FrameNumber frame);
}
