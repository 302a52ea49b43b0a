using System.Numerics;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies.Linux;
using Reflink.Machines;
using Reflink.Store;

namespace Reflink;

/// <summary>What a machine is made of. All sizes are in bytes and rounded down to whole pages of 4,096.</summary>
public sealed record MachineOptions
{
    /// <summary>The fewest pages of memory that a machine can have.</summary>
    public const int MinFrames = FrameTable.MinFrames;

    /// <summary>The most pages of memory that a machine can have: 128 GiB less a page.</summary>
    public const int MaxFrames = FrameTable.MaxFrames;

    /// <summary>The most NUMA nodes that a machine can have.</summary>
    public const int MaxNumaNodes = 64;

    /// <summary>The largest <see cref="FaultAround"/>: 2 MiB, which one page table maps.</summary>
    public const long MaxFaultAround = 1 << 21;

    // A century before 64 bits of nanoseconds are used up.
    private const int LastYear = 2162;

    /// <summary>Physical memory; 64 KiB at the least, less than 128 GiB. Reserved, not taken: a machine costs what it uses.</summary>
    public long Memory { get; init; } = 1L << 30;

    /// <summary>How many NUMA nodes memory has, 1 to <see cref="MaxNumaNodes"/>: frames belong to them in turn, and a process is given those of its node first.</summary>
    public int NumaNodes { get; init; } = 1;

    /// <summary>Swap space for anonymous pages; without it they never leave memory.</summary>
    public long Swap { get; init; }

    /// <summary>How much the volume can hold, in bytes. If nothing is said: what a volume in a folder was made with, 1 TiB otherwise.</summary>
    public long? VolumeCapacity { get; init; }

    /// <summary>
    /// How far reads of open files are read ahead at the most, as read_ahead_kb says it of a disk; 0 reads nothing ahead. Never
    /// more than a quarter of memory, so that pages which are read together do not drive each other out.
    /// </summary>
    public long Readahead { get; init; } = 128 << 10;

    /// <summary>How long the disk takes, in simulated time; no time at all if nothing is said.</summary>
    public DeviceModel? Device { get; init; }

    /// <summary>What happens when memory is needed and nothing can be reclaimed: the call fails if nothing is said.</summary>
    public OutOfMemory OutOfMemory { get; init; }

    /// <summary>How much of memory may be dirty, and when a daemon writes it; if nothing is said only a sync and reclaim write.</summary>
    public DirtyLimits? Dirty { get; init; }

    /// <summary>What chooses whom to evict, by name (<see cref="ReplacementPolicies.Names"/>); first in, first out if nothing is said.</summary>
    public string Policy { get; init; } = "fifo";

    /// <summary>
    /// How readily the policies <c>linux</c> and <c>mglru</c> take anonymous pages rather than files', 0 to 200 (vm.swappiness): at 100 a page of swap is taken to cost as much as one of a
    /// file; at 0 anonymous pages stay as long as there are pages of files. Other policies do not tell the two apart.
    /// </summary>
    public int Swappiness { get; init; } = 60;

    /// <summary>
    /// How much memory no allocation takes, in bytes (vm.min_free_kbytes), from which the marks follow at which kswapd wakes and sleeps; <see cref="Cache.Watermarks.DefaultMinFree"/> is
    /// what kernels choose. 0: all memory is used, and whoever needs more reclaims it.
    /// </summary>
    public long MinFree { get; init; }

    /// <summary>With <see cref="MinFree"/>: the distance between two marks, in ten thousandths of memory (vm.watermark_scale_factor), 1 to 3,000.</summary>
    public int WatermarkScale { get; init; } = Watermarks.DefaultScale;

    /// <summary>What the policy learns of loads and stores through mappings: accessed bits, as on a real machine, if nothing is said.</summary>
    public ReferenceTracking References { get; init; }

    /// <summary>
    /// Whether reclaim knows that a derived page needs no reading, only making: then derived pages leave before all others, chosen among themselves
    /// by the same policy. What making one again costs is counted (<see cref="WorkKind.PageDerived"/>).
    /// </summary>
    public bool RecipeAware { get; init; }

    /// <summary>
    /// Whether a load from private anonymous memory that was never written shows the one page of zeroes that all share, as on most kernels
    /// (do_anonymous_page, mm/memory.c). Otherwise the load allocates a page, as on kernels that are built without (pvm_no_zero_page=1).
    /// </summary>
    public bool MapsZeroPage { get; init; } = true;

    /// <summary>
    /// How many bytes around it a load that faults on a page of a file maps, as far as they are in memory: a power of two of pages, 65,536 on most kernels
    /// (fault_around_bytes). If nothing is said, the page alone, so that each page's first use is a fault of its own.
    /// </summary>
    public long FaultAround { get; init; } = Page.Size;

    /// <summary>
    /// How much is read around a page of a file that a load or store through a mapping misses, as read_ahead_kb says it of a disk: half before it, half behind it; with MADV_SEQUENTIAL behind
    /// it alone, with MADV_RANDOM nothing. Never more than a quarter of memory. If nothing is said, the page alone.
    /// </summary>
    public long ReadAround { get; init; }

    /// <summary>
    /// How many pages a fault that finds an anonymous page in swap reads at the most, those around it in the same mapping: two to that power, 0 to 31; 3 on most kernels
    /// (vm.page-cluster), and no more than 32 pages or a quarter of memory. How many are read follows from how many of them were used before. If nothing is said, the page alone.
    /// </summary>
    public int PageCluster { get; init; }

    /// <summary>By what the page cache finds pages of files; by block if nothing is said.</summary>
    public CacheKeying Keying { get; init; }

    /// <summary>Who may share the pages that equal patches make.</summary>
    public SharingDomain SharingDomain { get; init; }

    /// <summary>
    /// What the machine's clock says when it is switched on, not before 1970. Times of files are by that clock, so it decides from when they seem to be. A volume that was synced
    /// later goes on from then.
    /// </summary>
    public DateTimeOffset SwitchedOnAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>What work costs.</summary>
    public CostModel Costs { get; init; } = new();

    /// <summary>Where the disk is kept: in files, for volumes larger than this computer's memory; in memory if nothing is said.</summary>
    public StoreOptions? Store { get; init; }

    // Every user's machine runs on FASTER; tests put a store of their own below it to see what is asked of it.
    internal IPageStore? PageStore { get; init; }

    internal int ReadAroundPages => (int)(Math.Min(ReadAround, Memory / 4) >> Page.Shift);

    internal int ReadaheadPages => (int)(Math.Min(Readahead, Memory / 4) >> Page.Shift);

    internal long SwitchedOnTime => (SwitchedOnAt - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Throws where no machine can be made so; nothing is reserved.</summary>
    /// <exception cref="ReflinkException">EINVAL: a value is out of its range; the message names it and what it takes.</exception>
    public void Check()
    {
        if (Memory >> Page.Shift is < FrameTable.MinFrames or > FrameTable.MaxFrames)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{nameof(Memory)} is {Memory} bytes; a machine has {FrameTable.MinFrames} pages (64 KiB) at the least and {FrameTable.MaxFrames} pages (128 GiB less one page) at the most");
        }

        if (NumaNodes is < 1 or > MaxNumaNodes)
        {
            throw new ReflinkException(Errno.EINVAL, $"{nameof(NumaNodes)} is {NumaNodes}; a machine has 1 to {MaxNumaNodes}");
        }

        foreach (var (name, bytes) in ((string, long)[])[(nameof(Swap), Swap), (nameof(VolumeCapacity), VolumeCapacity ?? 0), (nameof(Readahead), Readahead), (nameof(MinFree), MinFree), (nameof(ReadAround), ReadAround)])
        {
            if (bytes < 0)
            {
                throw new ReflinkException(Errno.EINVAL, $"{name} is {bytes} bytes; it cannot be negative");
            }
        }

        if (Swappiness is < 0 or > ReclaimCosts.MaxSwappiness)
        {
            throw new ReflinkException(Errno.EINVAL, $"{nameof(Swappiness)} is {Swappiness}; it is 0 (anonymous pages stay) to {ReclaimCosts.MaxSwappiness}");
        }

        _ = SwapBacking.RequirePageCluster(PageCluster);
        _ = Watermarks.Of((int)(Memory >> Page.Shift), MinFree >> Page.Shift, WatermarkScale);
        if (FaultAround is < Page.Size or > MaxFaultAround || !BitOperations.IsPow2(FaultAround))
        {
            throw new ReflinkException(Errno.EINVAL, $"{nameof(FaultAround)} is {FaultAround} bytes; it is a power of two from {Page.Size} (the page alone) to 2 MiB, and 65536 on most kernels");
        }

        if (SwitchedOnAt < DateTimeOffset.UnixEpoch || SwitchedOnAt.Year > LastYear)
        {
            throw new ReflinkException(
                Errno.EINVAL, $"{nameof(SwitchedOnAt)} is {SwitchedOnAt:u}; a machine's clock counts nanoseconds from 1970 and runs until {LastYear}, so begin between them");
        }

        Store?.Check();
        Device?.Check();
        Dirty?.Check();
    }
}
