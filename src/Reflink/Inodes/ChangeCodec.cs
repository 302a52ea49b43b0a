namespace Reflink.Inodes;

/// <summary>Changes as bytes, whatever their kind: of the fields, those that are not what they are when nothing is said.</summary>
internal static class ChangeCodec
{
    /// <summary>Writes a change down.</summary>
    public static void Put(ByteWriter to, in Change change)
    {
        Span<long> fields = stackalloc long[Change.NumberCount];
        change.Numbers(fields);
        var present = (change.Name is null ? 0L : 1L << fields.Length) | (change.Data.IsEmpty ? 0L : 2L << fields.Length);
        for (var n = 0; n < fields.Length; n++)
        {
            present |= fields[n] == 0 ? 0 : 1L << n;
        }

        to.Put((long)change.Kind);
        to.Put(change.Inode.Value);
        to.Put(present);
        foreach (var field in fields)
        {
            if (field != 0)
            {
                to.Put(field);
            }
        }

        if (change.Name is { } name)
        {
            to.Put(name);
        }

        if (!change.Data.IsEmpty)
        {
            to.Put(change.Data.Span);
        }
    }

    /// <summary>Reads the next change.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static Change Take(ref ByteReader from)
    {
        var (kind, inode, present) = ((ChangeKind)from.TakeCount(), new InodeNumber(from.Take()), from.Take());
        Span<long> fields = stackalloc long[Change.NumberCount];
        for (var n = 0; n < fields.Length; n++)
        {
            fields[n] = (present >> n & 1) == 0 ? 0 : from.Take();
        }

        var name = (present >> fields.Length & 1) == 0 ? null : from.TakeText();
        var data = (present >> fields.Length & 2) == 0 ? default(ReadOnlyMemory<byte>) : from.TakeBytes().ToArray();
        return Change.Decoded(kind, inode, fields, name, data);
    }
}
