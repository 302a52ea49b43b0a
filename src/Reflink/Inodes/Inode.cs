namespace Reflink.Inodes;

/// <summary>
/// A file, a directory, a symbolic link, or the nameless holder of private or derived pages: a number, an extent map and
/// what stat(2) shows. Changed only by <see cref="InodeTable.Apply(in Change)"/>, save for the ticks and the count of users.
/// </summary>
public sealed class Inode
{
    /// <summary>When many pages were last moved at once (truncate, clone onto it, collapse, insert): older entries are dead.</summary>
    internal Tick Remapped;

    /// <summary>When the inode's blocks last gained an owner all together: older entries may not be stored through.</summary>
    internal Tick Shared;

    internal Inode(InodeNumber number, InodeType type, ExtentMap map)
    {
        (Number, Type, Map) = (number, type, map);
        Names = type == InodeType.Directory ? new SortedDictionary<string, InodeNumber>(StringComparer.Ordinal) : null;
    }

    /// <summary>The inode's number, never used again.</summary>
    public InodeNumber Number { get; }

    /// <summary>What the inode is.</summary>
    public InodeType Type { get; }

    /// <summary>Which block holds which page.</summary>
    internal ExtentMap Map { get; }

    /// <summary>Which block holds which page, in order of the pages.</summary>
    public IEnumerable<Extent> Extents => Map.Extents(PageRange.All);

    /// <summary>How many blocks it has (st_blocks, in pages).</summary>
    public long BlockCount => Map.BlockCount;

    /// <summary>The kind of the blocks that writes allocate.</summary>
    public BlockKind BlockKind => Type == InodeType.Private ? BlockKind.Anonymous : BlockKind.Stored;

    /// <summary>Length in bytes.</summary>
    public long Size { get; internal set; }

    /// <summary>Pages up to the end of the file.</summary>
    public long PageCount => Page.CountFor(Size);

    /// <summary>Names that lead here; for a directory two and one for each subdirectory.</summary>
    public int Links { get; internal set; }

    /// <summary>Open files and mappings. Invariant: an inode with neither links nor users is removed at once.</summary>
    public int Users { get; internal set; }

    /// <summary>Permission bits.</summary>
    public UnixFileMode Mode { get; internal set; }

    /// <summary>What chattr(1) sets.</summary>
    public InodeFlags Flags { get; internal set; }

    /// <summary>Whether the file cannot be changed.</summary>
    public bool IsImmutable => (Flags & InodeFlags.Immutable) != 0;

    /// <summary>Whether changing the contents may take rights from the file: it has set-id bits or capabilities.</summary>
    internal bool HasPrivileges { get; set; }

    /// <summary>Whether the inode was made without a name and may yet get its first (O_TMPFILE). Like <see cref="Users"/> no metadata.</summary>
    internal bool IsLinkable { get; set; }

    /// <summary>Extended attributes by name, in ordinal order; null before the first.</summary>
    internal SortedDictionary<string, byte[]>? Attributes { get; set; }

    /// <summary>The owner.</summary>
    public UserId Owner { get; internal set; }

    /// <summary>When the contents last changed, in nanoseconds of the machine's clock.</summary>
    public long ModifiedAt { get; internal set; }

    /// <summary>
    /// When the contents were last read, as far as a program said so, in nanoseconds of the machine's clock. Reading moves no time (noatime), so until a
    /// program sets it, this is when the file was made.
    /// </summary>
    public long AccessedAt => Accessed ?? 0;

    /// <summary>The same; null for an inode that no time was set of yet.</summary>
    internal long? Accessed { get; set; }

    /// <summary>When the contents or the attributes last changed, in nanoseconds of the machine's clock.</summary>
    public long ChangedAt { get; internal set; }

    /// <summary>Moves whenever the contents may have changed; a derived inode names the version it was made from.</summary>
    public long Version { get; internal set; }

    /// <summary>The inode whose extents this one last took over, all at once; it may be gone. 0: none.</summary>
    internal InodeNumber ClonedFrom { get; set; }

    /// <summary>The files that this one shares its pages with, whole, while nobody writes it; null: none.</summary>
    internal ContentShare? Share { get; set; }

    /// <summary>The file through whose pages this one is read and mapped: itself, unless files of equal content have their pages in common.</summary>
    public Inode Reader => Share?.Reader ?? this;

    /// <summary>A symbolic link's target.</summary>
    public string? Target { get; internal set; }

    /// <summary>A directory's parent.</summary>
    public InodeNumber Parent { get; internal set; }

    /// <summary>A directory's names, in ordinal order; null for anything else.</summary>
    internal SortedDictionary<string, InodeNumber>? Names { get; }

    /// <summary>Whether the inode is a directory.</summary>
    public bool IsDirectory => Type == InodeType.Directory;

    /// <summary>Whether the inode is a regular file.</summary>
    public bool IsRegular => Type == InodeType.Regular;

    /// <summary>Refuses to change what is immutable.</summary>
    /// <exception cref="ReflinkException">EPERM.</exception>
    internal void RequireMutable()
    {
        if (IsImmutable)
        {
            throw new ReflinkException(Errno.EPERM, $"{this} is immutable; take that flag away first");
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"inode {Number}";
}
