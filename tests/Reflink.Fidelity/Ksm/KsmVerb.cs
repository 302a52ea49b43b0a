namespace Reflink.Fidelity.Ksm;

/// <summary>What a step of a script does.</summary>
public enum KsmVerb
{
    /// <summary>A new process with nothing mapped; it inherits nothing from KSM.</summary>
    Start,

    /// <summary>fork(2); the value is the child's number.</summary>
    Fork,

    /// <summary>The process ends.</summary>
    Exit,

    /// <summary>mmap of private anonymous pages, readable and writable, without huge pages.</summary>
    MapAnonymous,

    /// <summary>mmap, private and writable, of the script's file; page n of the process shows page n of the file.</summary>
    MapPrivateFile,

    /// <summary>mmap, shared and writable, of the script's file: not eligible.</summary>
    MapSharedFile,

    /// <summary>mmap, shared and read-only, of the script's file: not eligible.</summary>
    MapReadOnlyFile,

    /// <summary>mmap, shared, of anonymous memory: not eligible.</summary>
    MapSharedAnonymous,

    /// <summary>munmap.</summary>
    Unmap,

    /// <summary>Stores whole pages; the value is the content's number.</summary>
    Write,

    /// <summary>Stores to each page the first byte that it has: the bytes stay, the page is written.</summary>
    Touch,

    /// <summary>Loads eight bytes of each page.</summary>
    Read,

    /// <summary>madvise MADV_MERGEABLE.</summary>
    Mergeable,

    /// <summary>madvise MADV_UNMERGEABLE.</summary>
    Unmergeable,

    /// <summary>madvise MADV_DONTNEED.</summary>
    DontNeed,

    /// <summary>prctl PR_SET_MEMORY_MERGE; the value is 0 or 1.</summary>
    MergeAny,

    /// <summary>Sets run.</summary>
    Run,

    /// <summary>Sets smart_scan.</summary>
    SmartScan,

    /// <summary>Sets use_zero_pages.</summary>
    UseZeroPages,

    /// <summary>Sets max_page_sharing.</summary>
    MaxPageSharing,

    /// <summary>Sets pages_to_scan.</summary>
    PagesToScan,

    /// <summary>Sets stable_node_chains_prune_millisecs: 0 prunes at each search, a very large one never.</summary>
    PruneMillisecs,

    /// <summary>Wakes ksmd, which if run is 1 scans one batch: pages_to_scan pages, but never beyond the end of the pass.</summary>
    Scan,
}
