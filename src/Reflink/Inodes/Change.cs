using Reflink.Units;

namespace Reflink.Inodes;

/// <summary>
/// One mutation of metadata, as a value: everything that changes an inode, a directory or an extent map goes through
/// <see cref="InodeTable.Apply(in Change)"/> in this form, so that a journal need only write the values down.
/// </summary>
/// <param name="Kind">What is done; it says which of the other fields count.</param>
/// <param name="Inode">The inode that changes.</param>
internal readonly record struct Change(ChangeKind Kind, InodeNumber Inode)
{
    /// <summary>The first page of a range.</summary>
    public PageIndex Page { get; init; }

    /// <summary>Pages in the range, or the second number of a kind that needs two.</summary>
    public long Length { get; init; }

    /// <summary>The first block of a run.</summary>
    public BlockNumber Block { get; init; }

    /// <summary>The other inode of a kind that needs two.</summary>
    public InodeNumber Other { get; init; }

    /// <summary>A size, a time, a type or permission bits.</summary>
    public long Value { get; init; }

    /// <summary>A name in a directory or of an extended attribute, or a symbolic link's target.</summary>
    public string? Name { get; init; }

    /// <summary>An extended attribute's value.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
