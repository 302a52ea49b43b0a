using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Formats;

/// <summary>Descriptions in as few bytes as they need: the canonical bytes, and behind them a text for each base, its name, which may be null.</summary>
internal static class DescriptionBinary
{
    /// <summary>A description as a file holds it.</summary>
    public static ReadOnlySpan<byte> Write(ChangeDescription description)
    {
        var to = CanonicalBytes.Of(description);
        foreach (var file in description.Bases)
        {
            to.Put(file.Name);
        }

        return to.Bytes;
    }

    /// <summary>Reads a description.</summary>
    /// <exception cref="ReflinkException">EINVAL: these are not the bytes that <see cref="Write"/> makes of any description.</exception>
    public static ChangeDescription Read(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            var from = new ByteReader(bytes);
            if (!bytes.StartsWith(CanonicalBytes.Tag))
            {
                throw new InvalidDataException("it does not begin as a description does");
            }

            from.TakeRaw(CanonicalBytes.Tag.Length);
            var description = Read(ref from, source);
            return Write(description).SequenceEqual(bytes) ? description : throw new InvalidDataException("a number or a list is longer than it needs to be");
        }
        catch (InvalidDataException e)
        {
            throw new ReflinkException(Errno.EINVAL, $"{source}: no description, or a damaged one: {e.Message}; write it anew with 'reflink derive convert'", e);
        }
    }

    private static ChangeDescription Read(ref ByteReader from, string source)
    {
        var script = new DescriptionScript(source) { IsOfPieces = true };
        for (var bases = Count(ref from, DescriptionLimits.MaxBases); bases > 0; bases--)
        {
            var size = from.Take();
            var root = from.TakeBytes();
            script.AddBase(new DescribedBase(size, null, root.IsEmpty ? null : Convert.ToHexStringLower(root)));
        }

        var distances = new long[script.BaseCount];
        for (var pieces = Count(ref from, DescriptionLimits.MaxPieces); pieces > 0; pieces--)
        {
            TakePiece(ref from, script, distances);
        }

        for (var conditions = Count(ref from, DescriptionLimits.MaxPieces); conditions > 0; conditions--)
        {
            var (file, offset, length, kind) = (from.TakeCount(), from.Take(), from.Take(), from.TakeCount());
            script.Expect(file, offset, length, (PreconditionKind)kind, from.TakeBytes());
        }

        var description = script.Finish();
        var names = new string?[description.Bases.Count];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = from.TakeText();
        }

        return from.IsEmpty ? description.WithNames(names) : throw new InvalidDataException("bytes are left behind the names");
    }

    private static void TakePiece(ref ByteReader from, DescriptionScript script, long[] distances)
    {
        switch (from.TakeCount())
        {
            case CanonicalBytes.DataTag:
                script.Apply(EditForm.Data, [], from.TakeBytes(), default);
                break;
            case CanonicalBytes.FillTag:
                script.Apply(EditForm.Fill, [from.Take(), from.Take()], default, default);
                break;
            case CanonicalBytes.HoleTag:
                script.Apply(EditForm.Hole, [from.Take()], default, default);
                break;
            case var tag when tag - CanonicalBytes.FirstBase < distances.Length:
                var file = tag - CanonicalBytes.FirstBase;
                distances[file] = unchecked(distances[file] + from.Take());
                script.Apply(EditForm.Copy, [file, unchecked(script.Size + distances[file]), from.Take()], default, default);
                break;
            default:
                throw new InvalidDataException("a piece of no kind");
        }
    }

    private static int Count(ref ByteReader from, int most) =>
        from.TakeCount() is var count && count <= most ? count : throw new InvalidDataException($"{count} entries where at most {most} may be");
}
