using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>
/// Moves a description to another version of the file that it edits: every range that it expects something of is found there, and between
/// two of them all is copied that stands there now. What cannot be found in one place only is refused.
/// </summary>
internal sealed class Rebaser(ChangeDescription description, ByteSource file)
{
    private readonly List<Precondition> _expected = [.. description.Preconditions.Where(p => p.Base == 0)];
    private readonly long _oldSize = description.Bases[0].Size;
    private long[] _places = [];

    /// <exception cref="ReflinkException">EINVAL: the place where re-basing is not safe, and why.</exception>
    public ChangeDescription Run()
    {
        _places = PlacesOf(new AnchorSearch(file).Find(_expected));
        var root = description.Bases[0].Root is null ? null : ContentRoot.Of(file);
        var builder = new ChangeDescription.Builder();
        foreach (var (index, known) in description.Bases.Index())
        {
            builder.AddBase(index == 0 ? known with { Size = file.Length, Root = root } : known);
        }

        AppendPieces(builder);
        for (var i = 0; i < description.Preconditions.Count; i++)
        {
            var condition = description.Preconditions[i];
            builder.Expect(condition.Base == 0 ? condition with { Offset = _places[i] } : condition);
        }

        return builder.Build();
    }

    // The copies of base 0 must come in its own order: each runs from where the change before it ends to where the next one begins.
    private void AppendPieces(ChangeDescription.Builder builder)
    {
        var copies = Enumerable.Range(0, description.Count).Where(i => description.Raw[i] is { Kind: ChangePieceKind.Copy, Base: 0 }).ToArray();
        for (var i = 0; i < description.Count; i++)
        {
            var piece = description[i];
            if (piece is not { Kind: ChangePieceKind.Copy, Base: 0 })
            {
                Append(builder, piece);
                continue;
            }

            var number = Array.BinarySearch(copies, i);
            var end = piece.Offset + piece.Length;
            var before = number == 0 ? 0 : description[copies[number - 1]].Offset + description[copies[number - 1]].Length;
            var next = number == copies.Length - 1 ? _oldSize : description[copies[number + 1]].Offset;
            if (before > piece.Offset || next < end)
            {
                throw Unsafe(piece.Offset, "the description copies its bytes in another order than they have, so it is not known what belongs together");
            }

            var (from, to) = (Moved(before, piece.Offset) + (piece.Offset - before), Moved(end, next));
            if (from > to)
            {
                throw Unsafe(piece.Offset, "the changes at its two sides stand in another order there");
            }

            builder.CloneRange(0, from, to - from, builder.Size);
        }
    }

    private static void Append(ChangeDescription.Builder builder, in ChangePiece piece)
    {
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy: builder.CloneRange(piece.Base, piece.Offset, piece.Length, builder.Size); break;
            case ChangePieceKind.Data: builder.Append(piece.Data.Span); break;
            default: builder.Fill(builder.Size, piece.Length, piece.Value); break;
        }
    }

    // Where a change of [start, end) of the old version is in the new one.
    private long Moved(long start, long end)
    {
        var i = _expected.FindIndex(p => p.Offset <= start && p.End >= end && (start < end || (p.Offset < start && p.End > start)));
        if (i >= 0)
        {
            return _places[i] + (start - _expected[i].Offset);
        }

        // At the ends of the file nothing need be found.
        return start == 0 && end == 0 ? 0
            : start == _oldSize ? file.Length
            : throw Unsafe(start, "the description expects nothing of the bytes around it; make it with preconditions of hashes or bytes, and with context");
    }

    private long[] PlacesOf(IReadOnlyList<IReadOnlyList<long>> found)
    {
        var places = new long[found.Count];
        for (var i = 0; i < found.Count; i++)
        {
            places[i] = found[i] switch
            {
                [] => throw Unsafe(_expected[i].Offset, "what was expected there is nowhere in the other version"),
                [var only] => only,
                _ => -1,
            };
        }

        for (var i = 0; i < found.Count; i++)
        {
            if (places[i] < 0)
            {
                places[i] = Between(i, places, found[i]);
            }
        }

        return places;
    }

    // Of several places, the one between the ranges before and behind it; or the one that has moved as far as both.
    private long Between(int i, long[] places, IReadOnlyList<long> found)
    {
        var behind = Array.FindIndex(places, i, p => p >= 0);
        var low = i > 0 ? places[i - 1] + _expected[i - 1].Length : 0;
        var high = behind < 0 ? file.Length : places[behind];
        var left = found.Where(p => p >= low && p + _expected[i].Length <= high).ToArray();
        if (found.Count < AnchorSearch.MaxPlaces && left.Length == 1)
        {
            return left[0];
        }

        if (i > 0 && behind >= 0 && places[i - 1] - _expected[i - 1].Offset == places[behind] - _expected[behind].Offset)
        {
            var place = _expected[i].Offset + (places[i - 1] - _expected[i - 1].Offset);
            if (found.Contains(place))
            {
                return place;
            }
        }

        throw Unsafe(_expected[i].Offset, $"what was expected there stands at {(found.Count < AnchorSearch.MaxPlaces ? $"{found.Count}" : $"{found.Count} or more")} places of the other version; make the description with more context");
    }

    private static ReflinkException Unsafe(long offset, string why) =>
        new(Errno.EINVAL, $"the change at byte {offset} (0x{offset:x}) of the base cannot be moved to the other version: {why}");
}
