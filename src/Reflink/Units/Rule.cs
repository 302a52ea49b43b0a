namespace Reflink.Units;

/// <summary>
/// The rules that keep lazily checked page-table entries, recipes and the registry right, one name each. A stamp names the
/// rule that it serves, so that every rule can be found, and the exerciser can leave one out and must notice.
/// </summary>
[Flags]
public enum Rule
{
    /// <summary>No rule.</summary>
    None = 0,

    /// <summary>An evicted block's frame has changed.</summary>
    Evicted = 1 << 0,

    /// <summary>A freed block's frame has changed. Redundant beside <see cref="Left"/>: whoever frees has left.</summary>
    Freed = 1 << 1,

    /// <summary>The frame of a block that an owner left by a write has changed.</summary>
    Left = 1 << 2,

    /// <summary>The frame of a block that an owner left through a punched hole has changed.</summary>
    PunchLeft = 1 << 3,

    /// <summary>Cloning shares all blocks of the source inode.</summary>
    CloneShared = 1 << 4,

    /// <summary>Cloning or deduplicating a range shares the frames of its source.</summary>
    RangeShared = 1 << 5,

    /// <summary>Merging shares the surviving frame.</summary>
    MergeShared = 1 << 6,

    /// <summary>Deriving from an inode shares its blocks.</summary>
    DeriveShared = 1 << 7,

    /// <summary>Truncating, cloning onto, collapsing and inserting remap the inode.</summary>
    BulkRemapped = 1 << 8,

    /// <summary>Rebinding a mapping to another inode changes the mapping.</summary>
    Rebound = 1 << 9,

    /// <summary>A new mapping does not believe entries older than itself.</summary>
    MappedAfresh = 1 << 10,

    /// <summary>A hole of a file is never entered.</summary>
    HoleNotEntered = 1 << 11,

    /// <summary>A recipe owns its roots as an extent does.</summary>
    RecipeOwnsRoots = 1 << 12,

    /// <summary>A derived inode is made from its root's present version.</summary>
    SnapshotVersion = 1 << 13,

    /// <summary>Filling a page of a private inode drops its entry.</summary>
    FillDropsEntry = 1 << 14,

    /// <summary>With a cache keyed by inode, what is to be shared or moved is written back first.</summary>
    SharedClean = 1 << 15,

    /// <summary>With a cache keyed by inode, what leaves an inode has its frame dropped by inode and page.</summary>
    TakenDropped = 1 << 16,

    /// <summary>A merged block is never exclusive: its last owner copies as well.</summary>
    MergedNotExclusive = 1 << 17,

    /// <summary>Pages are merged only if their bytes are equal now, whatever their hashes were.</summary>
    MergeCompares = 1 << 18,

    /// <summary>The entry of a page that was merged is not writable.</summary>
    ReentryProtected = 1 << 19,

    /// <summary>Who leaves a partition, moves, or has everything unmerged gets pages of its own.</summary>
    UnmergeBreaks = 1 << 20,

    /// <summary>A forked child is a member of its parent's partitions.</summary>
    ForkJoins = 1 << 21,
}
