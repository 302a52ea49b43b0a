namespace Reflink.Inodes;

/// <summary>The changes that make an inode from nothing what it is, save for its extents.</summary>
internal static class InodeImage
{
    /// <summary>Makes the inode itself. Whatever <see cref="InodeTable.Apply(in Change)"/> can set of an inode belongs here.</summary>
    public static IEnumerable<Change> Of(Inode inode)
    {
        var number = inode.Number;
        yield return Change.Create(number, inode.Type);
        yield return Change.SetOwner(number, inode.Mode, inode.Owner);
        yield return Change.SetSize(number, inode.Size);
        if (inode.Target is not null)
        {
            yield return Change.SetTarget(number, inode.Target);
        }

        if (inode.Flags != default)
        {
            yield return Change.SetFlags(number, inode.Flags);
        }

        foreach (var (name, value) in inode.Attributes ?? [])
        {
            yield return Change.SetAttribute(number, name, value);
        }

        if (inode.AccessedAt != inode.ModifiedAt)
        {
            yield return Change.SetAccessed(number, inode.AccessedAt, inode.ChangedAt);
        }

        yield return Change.Modified(number, inode.ModifiedAt);
        yield return Change.AttributesChanged(number, inode.ChangedAt);
    }

    /// <summary>Gives a directory its names; all inodes that they lead to must be there.</summary>
    public static IEnumerable<Change> NamesOf(Inode inode) =>
        (inode.Names ?? []).Select(n => Change.Link(inode.Number, n.Key, n.Value));
}
