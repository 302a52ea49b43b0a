namespace Reflink.Inodes;

/// <summary>What a <see cref="Change"/> does.</summary>
internal enum ChangeKind
{
    /// <summary>Makes inode <c>Inode</c> of type <c>Value</c>.</summary>
    Create,

    /// <summary>Removes an inode that has neither links nor users.</summary>
    Remove,

    /// <summary>Adds <c>Name</c> to directory <c>Inode</c> for inode <c>Other</c>.</summary>
    Link,

    /// <summary>Takes <c>Name</c> out of directory <c>Inode</c>.</summary>
    Unlink,

    /// <summary>Sets a symbolic link's target to <c>Name</c>.</summary>
    SetTarget,

    /// <summary>Sets the length to <c>Value</c> bytes.</summary>
    SetSize,

    /// <summary>Sets permission bits to <c>Value</c> and the owner to <c>Length</c>.</summary>
    SetOwner,

    /// <summary>Sets the time of the last change of contents to <c>Value</c>, and that of attributes to <c>Length</c>.</summary>
    SetModified,

    /// <summary>Sets the flags of the inode to <c>Value</c> (<see cref="InodeFlags"/>).</summary>
    SetFlags,

    /// <summary>Sets extended attribute <c>Name</c> to <c>Data</c>.</summary>
    SetAttribute,

    /// <summary>Removes extended attribute <c>Name</c>.</summary>
    RemoveAttribute,

    /// <summary>The contents changed at time <c>Value</c>.</summary>
    Modified,

    /// <summary>The attributes changed at time <c>Value</c>.</summary>
    AttributesChanged,

    /// <summary>Maps <c>Length</c> pages from <c>Page</c> on to the blocks from <c>Block</c> on; to keep space for them, all to <see cref="Units.BlockNumber.Unwritten"/>.</summary>
    Map,

    /// <summary>Makes <c>Length</c> pages from <c>Page</c> on a hole.</summary>
    Unmap,

    /// <summary>Makes the inode's extents those of inode <c>Other</c>.</summary>
    CloneFrom,

    /// <summary>Takes <c>Length</c> pages from <c>Page</c> on out of the file and closes the gap.</summary>
    Collapse,

    /// <summary>Moves what lies at <c>Page</c> or behind it <c>Length</c> pages on, and leaves a hole.</summary>
    Insert,
}
