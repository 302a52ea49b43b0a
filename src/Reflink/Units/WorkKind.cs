namespace Reflink.Units;

/// <summary>The kinds of work that a <see cref="Meter"/> counts. Only the machine knows what one costs.</summary>
public enum WorkKind
{
    /// <summary>A system call entered, whatever it does then.</summary>
    SystemCall,

    /// <summary>A minor fault: the page was in memory.</summary>
    MinorFault,

    /// <summary>A major fault: the page had to be read from the store.</summary>
    MajorFault,

    /// <summary>A page copied for copy-on-write.</summary>
    PageCopied,

    /// <summary>A new frame filled with zeroes.</summary>
    PageZeroed,

    /// <summary>A derived frame made from its recipe.</summary>
    PageDerived,

    /// <summary>A page read from the store.</summary>
    StoreRead,

    /// <summary>A page written to the store.</summary>
    StoreWrite,

    /// <summary>A page of bytes copied between a file and a buffer.</summary>
    PageTransferred,

    /// <summary>A mapping made, changed or removed.</summary>
    MappingChanged,

    /// <summary>A page-table entry removed or made stale because its mapping changed.</summary>
    EntryDropped,

    /// <summary>A page-table entry's protection changed by mprotect.</summary>
    EntryProtected,

    /// <summary>A process forked.</summary>
    Fork,

    /// <summary>A patch entry checked against the bytes of its file.</summary>
    PatchChecked,

    /// <summary>A patch entry applied or reverted.</summary>
    PatchApplied,

    /// <summary>A round in which every thread of a process is made to serialise (membarrier, three a batch of 256 sites).</summary>
    CodeSync,

    /// <summary>A uprobe entered into the system's table, or taken out.</summary>
    ProbeRegistered,

    /// <summary>A uprobe's breakpoint put into one mapping.</summary>
    ProbeInstalled,

    /// <summary>A uprobe's breakpoint taken out of one mapping.</summary>
    ProbeRemoved,

    /// <summary>A page that a merging scanner looked at: hashed, compared, perhaps merged.</summary>
    PageScanned,

    /// <summary>One of the copied pages was a merged one (cow_ksm in /proc/vmstat).</summary>
    MergedCopied,

    /// <summary>A reference in metadata changed: an extent inserted, a count adjusted, a name linked.</summary>
    MetadataChanged,

    /// <summary>A page that reclaim looked at, and took out of memory or kept.</summary>
    PageReclaimed,
}
