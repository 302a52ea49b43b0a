using System.Diagnostics.CodeAnalysis;
using Reflink.Cache;
using Reflink.Inodes;

namespace Reflink.Vm;

/// <summary>
/// A mapping (the kernel's vm_area_struct): a range of pages of an address space and what shows there. A private mapping is a
/// sparse private inode laid over the file: a hole in it shows the file.
/// <code>
///   access ──► Private, if it has the page ──► else Base, which is File, or an inode derived from it
/// </code>
/// </summary>
public sealed class Vma
{
    /// <summary>When the mapping was made: entries older than this belong to what was mapped there before.</summary>
    internal Tick MappedAt;

    /// <summary>What is known of earlier faults on pages in swap; parts of a mapping that was split, and a child's, begin with a copy of it (vm_area_init_from).</summary>
    internal SwapReadahead Swapped;

    private Readahead? _faults;

    /// <summary>When the mapping was last bound to another inode: older entries must be looked up again.</summary>
    internal Tick Changed;

    internal Vma(VirtualPage start, long length, Protection protection, MappingKind kind, Inode? file, PageIndex filePage)
    {
        (Start, Length, Protection, IsShared, File, Base, FilePage) = (start, length, protection, kind == MappingKind.Shared, file, file, filePage);
    }

    /// <summary>The first page.</summary>
    public VirtualPage Start { get; internal set; }

    /// <summary>How many pages.</summary>
    public long Length { get; internal set; }

    /// <summary>The first page behind the mapping.</summary>
    public VirtualPage End => Start + Length;

    /// <summary>The pages of the address space that it takes.</summary>
    internal VirtualRange Range => new(Start, Length);

    /// <summary>What is allowed.</summary>
    public Protection Protection { get; internal set; }

    /// <summary>Whether stores go to the file (MAP_SHARED).</summary>
    public bool IsShared { get; }

    /// <summary>Whether the mapping may be made writable: a shared one only if the file was open for writing.</summary>
    public bool MayWrite { get; internal init; } = true;

    /// <summary>The file that was mapped; none for private anonymous memory.</summary>
    public Inode? File { get; }

    /// <summary>
    /// What shows where the private inode has a hole: the file, or an inode derived from it. Invariant: null exactly if
    /// <see cref="File"/> is; the mapping is one of its <see cref="Inode.Users"/>.
    /// </summary>
    public Inode? Base { get; internal set; }

    /// <summary>
    /// The mapping's private pages, by page of the file; none before the first store. Invariant: null in a shared mapping; parts of a
    /// mapping that was split share it, and each fills only pages of its own <see cref="FileRange"/>.
    /// </summary>
    public Inode? Private { get; internal set; }

    /// <summary>The page of the file (or of anonymous memory: the page's own number when it was mapped) at <see cref="Start"/>.</summary>
    public PageIndex FilePage { get; internal set; }

    /// <summary>The pages of the file that are mapped.</summary>
    public PageRange FileRange => new(FilePage, Length);

    /// <summary>Whether its pages stay in memory (VM_LOCKED, "lo" among the VmFlags of /proc/pid/smaps); set by <see cref="AddressSpace.Lock"/>.</summary>
    public bool IsLocked { get; internal set; }

    /// <summary>Whether, besides, no page is brought into memory to be locked (VM_LOCKONFAULT); set by <see cref="AddressSpace.LockOnFault"/>.</summary>
    public bool IsLockedOnFault { get; internal set; }

    /// <summary>What is known of earlier faults, for reading around; parts of a mapping that was split share it.</summary>
    internal Readahead Faults => _faults ??= new Readahead();

    /// <summary>The order in which pages are expected to be used: <see cref="Advice.Normal"/>, <see cref="Advice.Random"/> or <see cref="Advice.Sequential"/>.</summary>
    public Advice Pattern { get; internal set; }

    /// <summary>The levels of patches that lie over the mapping, if any.</summary>
    internal IMappingLevels? Levels { get; set; }

    /// <summary>Within what equal pages may be merged with each other; null: not at all.</summary>
    internal IMergeScope? Merging { get; set; }

    /// <summary>Whether equal pages may be merged ("mg" among the VmFlags of /proc/pid/smaps).</summary>
    public bool IsMergeable => Merging is not null;

    /// <summary>The mapping is new, or lies elsewhere: no older entry is believed.</summary>
    internal void StampMapped(ChangeCounter changes) => changes.Stamp(ref MappedAt, Rule.MappedAfresh);

    /// <summary>The mapping shows another inode: older entries must be looked up again.</summary>
    internal void StampRebound(ChangeCounter changes) => changes.Stamp(ref Changed, Rule.Rebound);

    /// <summary>The page of the file that shows at a page of the mapping.</summary>
    public PageIndex PageOf(VirtualPage page) => FilePage + (page - Start);

    /// <summary>The pages of the file that show at a range of the mapping's pages.</summary>
    internal PageRange PagesOf(VirtualRange range) => new(PageOf(range.Start), range.Length);

    /// <summary>The page of the mapping at which a page of the file shows.</summary>
    internal VirtualPage AddressOf(PageIndex page) => Start + (page - FilePage);

    /// <summary>The inode that stores go to: the private one, or the file of a shared mapping.</summary>
    internal Inode? Owner => IsShared ? Base : Private;

    /// <summary>Whether the next mapping could be one with this one.</summary>
    internal bool ContinuesIn(Vma next) =>
        End == next.Start && Protection == next.Protection && IsShared == next.IsShared && MayWrite == next.MayWrite
        && IsLocked == next.IsLocked && IsLockedOnFault == next.IsLockedOnFault && Pattern == next.Pattern && File == next.File && Base == next.Base && Private == next.Private
        && FilePage + Length == next.FilePage && ReferenceEquals(Levels, next.Levels)
        && ReferenceEquals(Merging, next.Merging);

    /// <summary>The same mapping of another range of its pages.</summary>
    internal Vma Part(VirtualRange range) =>
        new(range.Start, range.Length, Protection, IsShared ? MappingKind.Shared : MappingKind.Private, File, PageOf(range.Start))
        {
            MayWrite = MayWrite,
            IsLocked = IsLocked,
            IsLockedOnFault = IsLockedOnFault,
            Pattern = Pattern,
            _faults = _faults,
            Swapped = Swapped,
            Base = Base,
            Private = Private,
            Levels = Levels,
            Merging = Merging,
            MappedAt = MappedAt,
            Changed = Changed,
        };

    /// <summary>Which inode's page shows there and which block that is; false where there is a hole or nothing.</summary>
    internal bool TryResolve(PageIndex page, [NotNullWhen(true)] out Inode? owner, out BlockNumber block)
    {
        var filled = IsFilled(page, out block);
        owner = filled ? Private : Base?.Reader;
        return owner is not null && (filled || owner.Map.TryFindBlock(page, out block));
    }

    /// <summary>Whether the mapping has its own copy of a page, and in which block.</summary>
    internal bool IsFilled(PageIndex page, out BlockNumber block)
    {
        block = default;
        return Private is not null && Private.Map.TryFindBlock(page, out block);
    }
}
