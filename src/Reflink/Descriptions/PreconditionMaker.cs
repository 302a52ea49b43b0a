using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>Collects what ranges of bases must hold, and makes of them ranges that do not overlap or touch.</summary>
internal sealed class PreconditionMaker
{
    /// <summary>The longest range: what is longer is cut, so that it can be checked in little memory.</summary>
    public const int MaxRange = 1 << 20;

    private readonly List<(int Base, long Offset, byte[] Bytes)> _named = [];
    private readonly List<Precondition> _hashed = [];

    /// <summary>A range of a base must hold these bytes.</summary>
    public void Add(int file, long offset, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _named.Add((file, offset, bytes.ToArray()));
        }
    }

    /// <summary>A range of a base must be as a description says that was made before.</summary>
    public void Add(in Precondition condition)
    {
        if (condition.Kind == PreconditionKind.Bytes)
        {
            Add(condition.Base, condition.Offset, condition.Expected.Span);
        }
        else
        {
            _hashed.Add(condition);
        }
    }

    /// <summary>The ranges that were named, and those of base 0 that no piece copies if <paramref name="strength"/> asks for them.</summary>
    /// <exception cref="ReflinkException">EINVAL: two of them contradict each other. E2BIG.</exception>
    public IReadOnlyList<Precondition> Make(
        ReadOnlySpan<RawPiece> pieces, IReadOnlyList<DescribedBase> bases, PreconditionKind strength, IReadOnlyList<ByteSource>? sources, int context)
    {
        List<(int Base, long Offset, byte[] Bytes)> ranges = [.. _named];
        if (strength is PreconditionKind.Hash or PreconditionKind.Bytes && bases.Count > 0)
        {
            ranges.AddRange(Replaced(pieces, bases[0].Size, sources![0], context));
        }

        ranges.Sort((a, b) => (a.Base, a.Offset, a.Bytes.Length).CompareTo((b.Base, b.Offset, b.Bytes.Length)));
        var kind = strength == PreconditionKind.Hash ? PreconditionKind.Hash : PreconditionKind.Bytes;
        List<Precondition> made = [];
        for (var i = 0; i < ranges.Count;)
        {
            var (file, offset) = (ranges[i].Base, ranges[i].Offset);
            using var joined = new MemoryStream();
            for (; i < ranges.Count && ranges[i].Base == file && ranges[i].Offset <= offset + joined.Length; i++)
            {
                Join(joined, ranges[i].Offset - offset, ranges[i].Bytes, offset);
            }

            var bytes = joined.GetBuffer().AsSpan(0, (int)joined.Length);
            for (var at = 0; at < bytes.Length; at += MaxRange)
            {
                made.Add(Precondition.Of(file, offset + at, bytes.Slice(at, Math.Min(MaxRange, bytes.Length - at)), kind));
            }
        }

        return _hashed.Count == 0 ? made : CheckDisjoint([.. made, .. _hashed]);
    }

    private static List<Precondition> CheckDisjoint(List<Precondition> made)
    {
        made.Sort((a, b) => (a.Base, a.Offset).CompareTo((b.Base, b.Offset)));
        for (var i = 1; i < made.Count; i++)
        {
            if (made[i - 1].Base == made[i].Base && made[i - 1].End > made[i].Offset)
            {
                throw new ReflinkException(Errno.EINVAL, $"the expectations {made[i - 1]} and {made[i]} overlap; leave one of them out");
            }
        }

        return made;
    }

    private static void Join(MemoryStream joined, long at, byte[] bytes, long offset)
    {
        var known = (int)Math.Min(bytes.Length, joined.Length - at);
        var same = joined.GetBuffer().AsSpan((int)at, known).CommonPrefixLength(bytes);
        if (same < known)
        {
            throw new ReflinkException(Errno.EINVAL, $"two expectations of byte {offset + at + same} of a base contradict each other; the base is not the file that the old bytes were taken from");
        }

        joined.Position = joined.Length;
        joined.Write(bytes.AsSpan(known));
    }

    // Of the file that is edited, all that no piece copies.
    private static List<(int Base, long Offset, byte[] Bytes)> Replaced(ReadOnlySpan<RawPiece> pieces, long size, ByteSource source, int context)
    {
        List<(long From, long To)> copied = [];
        foreach (ref readonly var piece in pieces)
        {
            if (piece.Kind == ChangePieceKind.Copy && piece.Base == 0)
            {
                copied.Add((piece.Offset, piece.Offset + piece.Length));
            }
        }

        copied.Sort();
        copied.Add((size, size));
        return [.. Gaps(copied, size, context).Select(g => (0, g.From, Read(source, g.From, g.To)))];
    }

    private static List<(long From, long To)> Gaps(List<(long From, long To)> copied, long size, int context)
    {
        List<(long From, long To)> gaps = [];
        var (next, sum) = (0L, 0L);
        foreach (var (from, to) in copied)
        {
            // Where bytes are only inserted, nothing is replaced, but what stands around them tells the place.
            if (from > next || (context > 0 && from > 0 && from < size))
            {
                gaps.Add((Math.Max(0, Math.Min(next, from) - context), Math.Min(size, from + context)));
                sum += gaps[^1].To - gaps[^1].From;
            }

            next = Math.Max(next, to);
        }

        return sum <= DescriptionLimits.MaxLiteralBytes ? gaps : throw new ReflinkException(
            Errno.E2BIG, $"the description leaves out {sum} bytes of its base, more than {DescriptionLimits.MaxLiteralBytes}; insist on the base's root instead");
    }

    private static byte[] Read(ByteSource source, long from, long to)
    {
        var bytes = new byte[to - from];
        source.Read(from, bytes);
        return bytes;
    }
}
