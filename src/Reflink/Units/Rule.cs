namespace Reflink.Units;

/// <summary>
/// The rules that keep lazily checked page-table entries, recipes and the registry right, one name each. A stamp names the
/// rule that it serves, so that every rule can be found, and the exerciser can leave one out and must notice. Each names the
/// shortest story that goes wrong without it.
/// </summary>
[Flags]
internal enum Rule
{
    /// <summary>No rule.</summary>
    None = 0,

    /// <summary>
    /// An evicted block's frame has changed.
    /// RuleTests.An_evicted_frame_is_not_read_by_who_mapped_it_before
    /// </summary>
    Evicted = 1 << 0,

    /// <summary>A freed block's frame has changed. Redundant beside <see cref="Left"/>: the last owner has left.</summary>
    Freed = 1 << 1,

    /// <summary>
    /// An owner that leaves a block, by a write or through a hole, changes the frame of the block.
    /// RuleTests.A_mapping_follows_its_file_to_another_block
    /// </summary>
    Left = 1 << 2,

    /// <summary>
    /// Whatever gives blocks another owner (cloning, cloning a range, deriving, merging) shares them: the inodes, or one frame.
    /// RuleTests.A_store_after_a_clone_does_not_change_the_clone
    /// </summary>
    Shared = 1 << 3,

    /// <summary>
    /// Truncating, cloning onto, collapsing and inserting remap the inode.
    /// RuleTests.A_page_that_was_cut_off_reads_as_zero_when_the_file_grows_again
    /// </summary>
    BulkRemapped = 1 << 4,

    /// <summary>
    /// Rebinding a mapping to another inode changes the mapping.
    /// RuleTests.A_poked_mapping_shows_the_new_byte
    /// </summary>
    Rebound = 1 << 5,

    /// <summary>
    /// A new mapping does not believe entries older than itself.
    /// RuleTests.A_new_mapping_shows_nothing_of_the_one_that_was_there_before
    /// </summary>
    MappedAfresh = 1 << 6,

    /// <summary>
    /// A hole of a file is never entered.
    /// RuleTests.What_is_written_to_a_hole_shows_in_a_mapping_that_was_read_before
    /// </summary>
    HoleNotEntered = 1 << 7,

    /// <summary>
    /// A recipe owns its roots as an extent does.
    /// RuleTests.A_derived_page_outlives_the_file_it_was_derived_from
    /// </summary>
    RecipeOwnsRoots = 1 << 8,

    /// <summary>
    /// A derived inode is made from its root's present version.
    /// RuleTests.A_file_that_changed_is_derived_from_anew
    /// </summary>
    SnapshotVersion = 1 << 9,

    /// <summary>
    /// Filling a page of a private inode drops its entry.
    /// RuleTests.A_debugger_that_writes_to_a_private_mapping_is_seen
    /// </summary>
    FillDropsEntry = 1 << 10,

    /// <summary>
    /// With a cache keyed by inode, what is to be shared or moved is written back first.
    /// RuleTests.A_clone_of_a_dirty_file_can_be_read_from_the_store
    /// </summary>
    SharedClean = 1 << 11,

    /// <summary>
    /// With a cache keyed by inode, what leaves an inode has its frame dropped by inode and page.
    /// RuleTests.A_page_that_is_cut_off_takes_its_frame_with_it
    /// </summary>
    TakenDropped = 1 << 12,

    /// <summary>
    /// A merged block is never exclusive: its last owner copies as well.
    /// RuleTests.The_last_owner_of_a_merged_page_copies_it_as_well
    /// </summary>
    MergedNotExclusive = 1 << 13,

    /// <summary>
    /// Pages are merged only if their bytes are equal now, whatever their hashes were.
    /// RuleTests.A_page_that_changed_since_it_was_hashed_is_not_merged
    /// </summary>
    MergeCompares = 1 << 14,

    /// <summary>
    /// The entry of a page that was merged is not writable.
    /// RuleTests.A_store_to_a_page_that_was_merged_into_another_changes_no_other
    /// </summary>
    ReentryProtected = 1 << 15,

    /// <summary>
    /// Leaving a partition, moving, and unmerging everything give pages of their own.
    /// RuleTests.Unmerging_gives_everybody_pages_of_their_own
    /// </summary>
    UnmergeBreaks = 1 << 16,

    /// <summary>
    /// A forked child is a member of its parent's partitions.
    /// RuleTests.A_forked_child_is_a_member_of_its_parents_partition
    /// </summary>
    ForkJoins = 1 << 17,

    /// <summary>
    /// With a cache keyed by content, a file that is written stops reading through another file's pages, and others stop reading through its own.
    /// RuleTests.A_file_that_is_written_is_not_read_through_its_equals
    /// </summary>
    ContentLeft = 1 << 18,
}
