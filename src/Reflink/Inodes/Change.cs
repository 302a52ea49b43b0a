namespace Reflink.Inodes;

/// <summary>
/// One mutation of metadata, as a value: everything that changes an inode, a directory or an extent map goes through
/// <see cref="InodeTable.Apply(in Change)"/> in this form, so that a journal need only write the values down. A factory for each
/// kind says what the kind needs; of the properties, those that its kind does not need mean nothing.
/// </summary>
internal readonly record struct Change
{
    /// <summary>How many numbers <see cref="Numbers"/> writes.</summary>
    public const int NumberCount = 5;

    private readonly long _value;

    private Change(ChangeKind kind, InodeNumber inode, long value = 0, PageRange pages = default) =>
        (Kind, Inode, _value, Pages) = (kind, inode, value, pages);

    /// <summary>What is done.</summary>
    public ChangeKind Kind { get; }

    /// <summary>The inode that changes.</summary>
    public InodeNumber Inode { get; }

    /// <summary>The other inode: the one that a name leads to, or the source of a clone.</summary>
    public InodeNumber Other { get; private init; }

    /// <summary>The pages that are mapped, unmapped, taken out or inserted.</summary>
    public PageRange Pages { get; }

    /// <summary>The first block that is mapped.</summary>
    public BlockNumber Block { get; private init; }

    /// <summary>A name in a directory or of an extended attribute, or a symbolic link's target.</summary>
    public string? Name { get; private init; }

    /// <summary>An extended attribute's value.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>The type of a new inode.</summary>
    public InodeType Type => (InodeType)_value;

    /// <summary>The new size in bytes.</summary>
    public long Size => _value;

    /// <summary>The new permission bits.</summary>
    public UnixFileMode Mode => (UnixFileMode)_value;

    /// <summary>The new owner. The journal writes it where other kinds have a number of pages.</summary>
    public UserId Owner => new((int)Pages.Length);

    /// <summary>The new flags.</summary>
    public InodeFlags Flags => (InodeFlags)_value;

    /// <summary>When the contents changed, or the attributes where only they did.</summary>
    public long Time => _value;

    /// <summary>When a program set the time of the contents or of the last access. The journal writes it where other kinds have a number of pages.</summary>
    public long SetAt => Pages.Length;

    /// <summary>Makes an inode.</summary>
    public static Change Create(InodeNumber inode, InodeType type) => new(ChangeKind.Create, inode, (long)type);

    /// <summary>Removes an inode that has neither links nor users.</summary>
    public static Change Remove(InodeNumber inode) => new(ChangeKind.Remove, inode);

    /// <summary>Adds a name to a directory.</summary>
    public static Change Link(InodeNumber directory, string name, InodeNumber inode) =>
        new(ChangeKind.Link, directory) { Name = name, Other = inode };

    /// <summary>Takes a name out of a directory.</summary>
    public static Change Unlink(InodeNumber directory, string name) => new(ChangeKind.Unlink, directory) { Name = name };

    /// <summary>Sets a symbolic link's target.</summary>
    public static Change SetTarget(InodeNumber inode, string target) => new(ChangeKind.SetTarget, inode) { Name = target };

    /// <summary>Sets the length in bytes.</summary>
    public static Change SetSize(InodeNumber inode, long size) => new(ChangeKind.SetSize, inode, size);

    /// <summary>Sets permission bits and the owner.</summary>
    public static Change SetOwner(InodeNumber inode, UnixFileMode mode, UserId owner) =>
        new(ChangeKind.SetOwner, inode, (long)mode, new PageRange(default, owner.Value));

    /// <summary>Sets the time of the last change of contents to one that a program chose, and that of attributes to now.</summary>
    public static Change SetModified(InodeNumber inode, long time, long now) =>
        new(ChangeKind.SetModified, inode, time, new PageRange(default, now));

    /// <summary>Sets the time of the last access to one that a program chose, and that of attributes to now.</summary>
    public static Change SetAccessed(InodeNumber inode, long time, long now) =>
        new(ChangeKind.SetAccessed, inode, time, new PageRange(default, now));

    /// <summary>Sets the flags of the inode.</summary>
    public static Change SetFlags(InodeNumber inode, InodeFlags flags) => new(ChangeKind.SetFlags, inode, (long)flags);

    /// <summary>Sets an extended attribute.</summary>
    public static Change SetAttribute(InodeNumber inode, string name, ReadOnlyMemory<byte> value) =>
        new(ChangeKind.SetAttribute, inode) { Name = name, Data = value };

    /// <summary>Removes an extended attribute.</summary>
    public static Change RemoveAttribute(InodeNumber inode, string name) => new(ChangeKind.RemoveAttribute, inode) { Name = name };

    /// <summary>The contents changed.</summary>
    public static Change Modified(InodeNumber inode, long time) => new(ChangeKind.Modified, inode, time);

    /// <summary>The attributes changed.</summary>
    public static Change AttributesChanged(InodeNumber inode, long time) => new(ChangeKind.AttributesChanged, inode, time);

    /// <summary>Maps pages to the blocks from <paramref name="block"/> on; all to <see cref="BlockNumber.Unwritten"/> to preallocate space.</summary>
    public static Change Map(InodeNumber inode, PageRange pages, BlockNumber block) =>
        new(ChangeKind.Map, inode, pages: pages) { Block = block };

    /// <summary>Makes pages a hole.</summary>
    public static Change Unmap(InodeNumber inode, PageRange pages) => new(ChangeKind.Unmap, inode, pages: pages);

    /// <summary>Makes the inode's extents those of another.</summary>
    public static Change CloneFrom(InodeNumber inode, InodeNumber source) => new(ChangeKind.CloneFrom, inode) { Other = source };

    /// <summary>Takes pages out of the file and closes the gap.</summary>
    public static Change Collapse(InodeNumber inode, PageRange pages) => new(ChangeKind.Collapse, inode, pages: pages);

    /// <summary>Moves what lies at the first of the pages or behind it on by their number, and leaves them a hole.</summary>
    public static Change Insert(InodeNumber inode, PageRange pages) => new(ChangeKind.Insert, inode, pages: pages);

    /// <summary>A change as <see cref="ChangeCodec"/> read it.</summary>
    public static Change Decoded(ChangeKind kind, InodeNumber inode, ReadOnlySpan<long> numbers, string? name, ReadOnlyMemory<byte> data) =>
        new(kind, inode, numbers[4], new PageRange(new PageIndex(numbers[0]), numbers[1]))
        {
            Block = new BlockNumber(numbers[2]),
            Other = new InodeNumber(numbers[3]),
            Name = name,
            Data = data,
        };

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} of {Inode}";

    /// <summary>The numbers that <see cref="ChangeCodec"/> writes, in the journal's order.</summary>
    public void Numbers(Span<long> to) =>
        ((ReadOnlySpan<long>)[Pages.Start.Value, Pages.Length, Block.Value, Other.Value, _value]).CopyTo(to);
}
