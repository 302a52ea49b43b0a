using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>The bytes of a description whose hash is its id: numbers are LEB128 of their zigzag form, and nothing is aligned.</summary>
/// <remarks>
/// <code>
/// tag            a zero byte, "reflink-change-description 1" and a line feed
/// bases          count, for each its size, and its root behind the root's length, 0 or 32
/// pieces         count, for each its kind, then: copy: base, offset, length · data: length, bytes · fill: byte, length · hole: length
/// preconditions  count, for each its base, offset, length and kind, and the bytes or the hash behind their length
/// </code>
/// </remarks>
internal static class CanonicalBytes
{
    /// <summary>What a description begins with.</summary>
    public static ReadOnlySpan<byte> Tag => "\0reflink-change-description 1\n"u8;

    /// <summary>The bytes whose hash is the id.</summary>
    public static ByteWriter Of(ChangeDescription description)
    {
        var to = new ByteWriter();
        to.PutRaw(Tag);
        to.Put(description.Bases.Count);
        foreach (var file in description.Bases)
        {
            to.Put(file.Size);
            to.Put(file.Root is { } root ? Convert.FromHexString(root) : []);
        }

        to.Put(description.Count);
        foreach (ref readonly var piece in description.Raw)
        {
            Put(to, piece, description.Pool);
        }

        to.Put(description.Preconditions.Count);
        foreach (var condition in description.Preconditions)
        {
            to.Put(condition.Base);
            to.Put(condition.Offset);
            to.Put(condition.Length);
            to.Put((long)condition.Kind);
            to.Put(condition.Expected.Span);
        }

        return to;
    }

    private static void Put(ByteWriter to, in RawPiece piece, ReadOnlySpan<byte> pool)
    {
        to.Put((long)piece.Kind);
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy:
                to.Put(piece.Base);
                to.Put(piece.Offset);
                to.Put(piece.Length);
                break;
            case ChangePieceKind.Data:
                to.Put(pool.Slice((int)piece.Offset, (int)piece.Length));
                break;
            case ChangePieceKind.Fill:
                to.Put(piece.Offset);
                to.Put(piece.Length);
                break;
            default:
                to.Put(piece.Length);
                break;
        }
    }
}
