using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>The bytes of a description whose hash is its id: numbers are LEB128 of their zigzag form, and nothing is aligned.</summary>
/// <remarks>
/// <code>
/// tag            a zero byte, "reflink-change-description 1" and a line feed
/// bases          count, for each its size, and its root behind the root's length, 0 or 32
/// pieces         count, for each: 0, length, bytes (data) · 1, byte, length (fill) · 2, length (hole) · 3 + base, distance, length (copy)
/// preconditions  count, for each its base, offset, length and kind, and the bytes or the hash behind their length
/// </code>
/// The distance of a copy is its offset in the base less its place in the result, and what is written is by how much it differs from that of the
/// last copy from the same base: 0 for bytes that stay in place or moved together, which take a byte then.
/// </remarks>
internal static class CanonicalBytes
{
    /// <summary>Stands before data.</summary>
    public const int DataTag = 0;

    /// <summary>Stands before a fill.</summary>
    public const int FillTag = 1;

    /// <summary>Stands before a hole.</summary>
    public const int HoleTag = 2;

    /// <summary>With the number of a base added, stands before a copy from it.</summary>
    public const int FirstBase = 3;

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
        var (at, distances) = (0L, new long[description.Bases.Count]);
        foreach (ref readonly var piece in description.Raw)
        {
            Put(to, piece, at, distances, description.Pool);
            at += piece.Length;
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

    private static void Put(ByteWriter to, in RawPiece piece, long at, long[] distances, ReadOnlySpan<byte> pool)
    {
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy:
                to.Put(FirstBase + piece.Base);
                to.Put(piece.Offset - at - distances[piece.Base]);
                to.Put(piece.Length);
                distances[piece.Base] = piece.Offset - at;
                break;
            case ChangePieceKind.Data:
                to.Put(DataTag);
                to.Put(pool.Slice((int)piece.Offset, (int)piece.Length));
                break;
            case ChangePieceKind.Fill:
                to.Put(FillTag);
                to.Put(piece.Offset);
                to.Put(piece.Length);
                break;
            default:
                to.Put(HoleTag);
                to.Put(piece.Length);
                break;
        }
    }
}
