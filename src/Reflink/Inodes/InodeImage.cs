namespace Reflink.Inodes;

/// <summary>The changes that make an inode from nothing what it is, save for its extents.</summary>
internal static class InodeImage
{
    /// <summary>Makes the inode itself. Whatever <see cref="InodeTable.Apply(in Change)"/> can set of an inode belongs here.</summary>
    public static IEnumerable<Change> Of(Inode inode)
    {
        var number = inode.Number;
        yield return new Change(ChangeKind.Create, number) { Value = (long)inode.Type };
        yield return new Change(ChangeKind.SetOwner, number) { Value = inode.Mode, Length = inode.Owner.Value };
        yield return new Change(ChangeKind.SetSize, number) { Value = inode.Size };
        if (inode.Target is not null)
        {
            yield return new Change(ChangeKind.SetTarget, number) { Name = inode.Target };
        }

        if (inode.Flags != default)
        {
            yield return new Change(ChangeKind.SetFlags, number) { Value = (long)inode.Flags };
        }

        foreach (var (name, value) in inode.Attributes ?? [])
        {
            yield return new Change(ChangeKind.SetAttribute, number) { Name = name, Data = value };
        }

        yield return new Change(ChangeKind.Modified, number) { Value = inode.ModifiedAt };
        yield return new Change(ChangeKind.AttributesChanged, number) { Value = inode.ChangedAt };
    }

    /// <summary>Gives a directory its names; all inodes that they lead to must be there.</summary>
    public static IEnumerable<Change> NamesOf(Inode inode) =>
        (inode.Names ?? []).Select(n => new Change(ChangeKind.Link, inode.Number) { Name = n.Key, Other = n.Value });
}
