using Reflink.Files;
using Reflink.Inodes;

namespace Reflink.IO.Abstractions.Calls;

/// <summary>What is at a path: the entry itself, and what it leads to if it is a symbolic link.</summary>
/// <param name="Entry">What lstat(2) shows.</param>
/// <param name="Target">What stat(2) shows; null for a symbolic link that leads nowhere.</param>
internal sealed record EntryStatus(FileStat Entry, FileStat? Target)
{
    private const UnixFileMode Writing = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Whether it is a directory, or a symbolic link to one.</summary>
    public bool IsDirectory => Target is { Type: InodeType.Directory };

    /// <summary>Whether it is a symbolic link.</summary>
    public bool IsLink => Entry.Type == InodeType.SymbolicLink;

    /// <summary>The permission bits, of a link those of its target; a link that leads nowhere has none.</summary>
    public UnixFileMode? Mode => Target?.Mode;

    /// <summary>When it was made, as far as Linux tells System.IO: the earlier of the last change of contents and of attributes.</summary>
    public DateTime CreatedUtc => FileTime.ToUtc(Math.Min(Entry.ModifiedAt, Entry.ChangedAt));

    /// <summary>The bits after the attribute ReadOnly was set or taken away.</summary>
    public UnixFileMode ModeWith(FileAttributes attributes)
    {
        var mode = Mode ?? Entry.Mode;
        if ((attributes & FileAttributes.ReadOnly) != 0)
        {
            return mode & ~Writing;
        }

        return (mode & UnixFileMode.UserRead) != 0 ? mode | UnixFileMode.UserWrite : mode;
    }

    /// <summary>The attributes of an entry of that name.</summary>
    public FileAttributes AttributesOf(ReadOnlySpan<char> name)
    {
        var attributes = (IsReadOnly ? FileAttributes.ReadOnly : 0)
            | (IsLink ? FileAttributes.ReparsePoint : 0)
            | (IsDirectory ? FileAttributes.Directory : 0)
            | (name is ['.', ..] ? FileAttributes.Hidden : 0);
        return attributes == 0 ? FileAttributes.Normal : attributes;
    }

    // Root owns what it makes, so the owner's bits decide, and others' where the file was given away.
    private bool IsReadOnly => Target is { } target && (target.Owner == default
        ? (target.Mode & (UnixFileMode.UserRead | UnixFileMode.UserWrite)) == UnixFileMode.UserRead
        : (target.Mode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) == UnixFileMode.OtherRead);
}
