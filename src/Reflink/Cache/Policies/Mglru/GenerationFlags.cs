namespace Reflink.Cache.Policies.Mglru;

/// <summary>The page flags that the multi-generational LRU goes by (include/linux/page-flags.h).</summary>
[Flags]
internal enum GenerationFlags : byte
{
    None = 0,

    /// <summary>PG_referenced: the folio was used once since it came in or changed its generation. Only then do counted uses mean anything.</summary>
    Referenced = 1,

    /// <summary>PG_workingset: it was used often, or repeatedly through page tables. It stays so until it leaves, and after that if it comes back soon.</summary>
    Workingset = 2,

    /// <summary>PG_swapbacked: a private page of a process.</summary>
    Anonymous = 4,

    /// <summary>More than one page-table entry that leads to it was used since the accessed bits were looked at.</summary>
    YoungTwice = 8,
}
