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

    /// <summary>A freed block's frame has changed. Redundant beside <see cref="Left"/>: the last owner has left.</summary>
    Freed = 1 << 1,

    /// <summary>An owner that leaves a block, by a write or through a hole, changes the frame of the block.</summary>
    Left = 1 << 2,

    /// <summary>Whatever gives blocks another owner (cloning, cloning a range, deriving, merging) shares them: the inodes, or one frame.</summary>
    Shared = 1 << 3,

    /// <summary>Truncating, cloning onto, collapsing and inserting remap the inode.</summary>
    BulkRemapped = 1 << 4,

    /// <summary>Rebinding a mapping to another inode changes the mapping.</summary>
    Rebound = 1 << 5,

    /// <summary>A new mapping does not believe entries older than itself.</summary>
    MappedAfresh = 1 << 6,

    /// <summary>A hole of a file is never entered.</summary>
    HoleNotEntered = 1 << 7,

    /// <summary>A recipe owns its roots as an extent does.</summary>
    RecipeOwnsRoots = 1 << 8,

    /// <summary>A derived inode is made from its root's present version.</summary>
    SnapshotVersion = 1 << 9,

    /// <summary>Filling a page of a private inode drops its entry.</summary>
    FillDropsEntry = 1 << 10,

    /// <summary>With a cache keyed by inode, what is to be shared or moved is written back first.</summary>
    SharedClean = 1 << 11,

    /// <summary>With a cache keyed by inode, what leaves an inode has its frame dropped by inode and page.</summary>
    TakenDropped = 1 << 12,

    /// <summary>A merged block is never exclusive: its last owner copies as well.</summary>
    MergedNotExclusive = 1 << 13,

    /// <summary>Pages are merged only if their bytes are equal now, whatever their hashes were.</summary>
    MergeCompares = 1 << 14,

    /// <summary>The entry of a page that was merged is not writable.</summary>
    ReentryProtected = 1 << 15,

    /// <summary>Leaving a partition, moving, and unmerging everything give pages of their own.</summary>
    UnmergeBreaks = 1 << 16,

    /// <summary>A forked child is a member of its parent's partitions.</summary>
    ForkJoins = 1 << 17,

    /// <summary>With a cache keyed by content, a file that is written leads nobody to its pages any more, and is led to nobody's.</summary>
    ContentLeft = 1 << 18,
}
