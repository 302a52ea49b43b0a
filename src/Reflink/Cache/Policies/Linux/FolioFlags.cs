namespace Reflink.Cache.Policies.Linux;

/// <summary>The page flags that reclaim goes by (include/linux/page-flags.h).</summary>
[Flags]
internal enum FolioFlags : byte
{
    None = 0,

    /// <summary>PG_referenced: used once since it came in or was activated; deactivation leaves it.</summary>
    Referenced = 1,

    /// <summary>PG_active: on the active list, or on its way there in a batch.</summary>
    Active = 2,

    /// <summary>PG_workingset: it was on the active list once.</summary>
    Workingset = 4,

    /// <summary>PG_lru: on one of the lists, not only in a batch of new folios.</summary>
    Listed = 8,

    /// <summary>A page-table entry that leads to it was used since the accessed bits were looked at.</summary>
    Young = 16,

    /// <summary>More than one was.</summary>
    YoungTwice = 32,

    /// <summary>One of them belongs to a mapping that may be executed (VM_EXEC).</summary>
    Executed = 64,

    /// <summary>PG_swapbacked: a private page of a process.</summary>
    Anonymous = 128,
}
