namespace Reflink.Units;

/// <summary>
/// The events of a machine, with the names and fields of the kernel's tracepoints (include/trace/events of Linux 6.18). A field that would always have the same value, such as an order or a
/// node, is left out. Each is a method of its own, so that a caller without a listener prepares nothing.
/// </summary>
internal static class Tracepoints
{
    /// <summary>A page of a file got a frame (filemap.h). Pages of processes are not in the page cache.</summary>
    public static void AddedToPageCache(this EventStream events, FrameNumber frame, PageLabel label) =>
        events.Emit("mm_filemap_add_to_page_cache", new("pfn", frame.Value), new("i_ino", label.Inode.Value), new("index", label.Page.Value));

    /// <summary>A page of a file lost its frame: it was evicted, or freed (filemap.h).</summary>
    public static void DeletedFromPageCache(this EventStream events, FrameNumber frame, PageLabel label) =>
        events.Emit("mm_filemap_delete_from_page_cache", new("pfn", frame.Value), new("i_ino", label.Inode.Value), new("index", label.Page.Value));

    /// <summary>A batch of pages was looked at to be evicted, and some were (vmscan.h). Those whose bytes have yet to arrive on the disk leave later, and are not counted.</summary>
    public static void ShrankInactive(this EventStream events, long scanned, long reclaimed) =>
        events.Emit("mm_vmscan_lru_shrink_inactive", new("nr_scanned", scanned), new("nr_reclaimed", reclaimed));

    /// <summary>kswapd begins to work (vmscan.h).</summary>
    public static void KswapdWoke(this EventStream events, AccountId kswapd, long time) => events.Emit(kswapd, time, "mm_vmscan_kswapd_wake");

    /// <summary>kswapd has freed enough, or has given up (vmscan.h).</summary>
    public static void KswapdSleeps(this EventStream events, AccountId kswapd, long time) => events.Emit(kswapd, time, "mm_vmscan_kswapd_sleep");

    /// <summary>Who needs memory begins to reclaim it (vmscan.h).</summary>
    public static void DirectReclaimBegins(this EventStream events) => events.Emit("mm_vmscan_direct_reclaim_begin");

    /// <summary>Who needs memory has reclaimed some, or failed to (vmscan.h).</summary>
    public static void DirectReclaimEnds(this EventStream events, long reclaimed) =>
        events.Emit("mm_vmscan_direct_reclaim_end", new EventField("nr_reclaimed", reclaimed));

    /// <summary>Dirty pages were handed to the disk (writeback.h). The kernel tells it once for all that the flusher writes, this for each batch, whoever writes it, so that the sum is nr_written.</summary>
    public static void PagesWritten(this EventStream events, long pages) => events.Emit("writeback_pages_written", new EventField("pages", pages));

    /// <summary>A fault was served (exceptions.h): bit 1 of the error code says that it was a store, bit 2 that a process did it. Whether the page had to be read is our own field.</summary>
    public static void UserFault(this EventStream events, long address, AccessKind access, long major) =>
        events.Emit("page_fault_user", new("address", address), new("error_code", access == AccessKind.Store ? 6 : 4), new("major", major));

    /// <summary>A process was forked, or started by the machine, whose number is 0 (sched.h).</summary>
    public static void Forked(this EventStream events, ProcessId parent, ProcessId child) =>
        events.Emit("sched_process_fork", new("parent_pid", parent.Value), new("child_pid", child.Value));

    /// <summary>A process runs another program (sched.h).</summary>
    public static void Executed(this EventStream events, ProcessId process) => events.Emit("sched_process_exec", new EventField("pid", process.Value));

    /// <summary>A process ended (sched.h).</summary>
    public static void Exited(this EventStream events, ProcessId process) => events.Emit("sched_process_exit", new EventField("pid", process.Value));

    /// <summary>A pass over all pages that may be merged begins (ksm.h).</summary>
    public static void ScanStarts(this EventStream events, long pass, long items) => events.Emit("ksm_start_scan", new("seq", pass), new("rmap_entries", items));

    /// <summary>A pass has ended (ksm.h).</summary>
    public static void ScanStops(this EventStream events, long pass, long items) => events.Emit("ksm_stop_scan", new("seq", pass), new("rmap_entries", items));

    /// <summary>A page of a process was merged (ksm.h), told with the frame that all share from now on. The kernel has the addresses of its records where this has the process and the address of the page.</summary>
    public static void MergedOnePage(this EventStream events, FrameNumber frame, ProcessId process, VirtualPage page) =>
        events.Emit("ksm_merge_one_page", new("pfn", frame.Value), new("pid", process.Value), new("address", page.Address));

    /// <summary>A process is to end because memory ran out (oom.h).</summary>
    public static void MarkedVictim(this EventStream events, ProcessId victim, UserId user, long adjustment) =>
        events.Emit("mark_victim", new("pid", victim.Value), new("uid", user.Value), new("oom_score_adj", adjustment));
}
