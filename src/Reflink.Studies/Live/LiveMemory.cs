namespace Reflink.Studies.Live;

/// <summary>What mappings take of memory, in KiB, as the kernel's smaps files say (proc_pid_smaps(5)).</summary>
/// <param name="Pss">Shared pages in parts.</param>
/// <param name="Rss">All pages that are in memory.</param>
/// <param name="PrivateDirty">Written, and nobody else's.</param>
/// <param name="Mappings">How many mappings there are.</param>
public readonly record struct LiveMemory(long Pss, long Rss, long PrivateDirty, long Mappings);
