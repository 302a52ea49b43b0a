using Reflink.Descriptions.Content;
using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions;

/// <summary>The bytes of a described file, put together from those of its bases as they are read.</summary>
internal sealed class DescribedSource(ChangeDescription description, IReadOnlyList<ByteSource> bases) : ByteSource
{
    /// <inheritdoc/>
    public override long Length => description.Size;

    /// <inheritdoc/>
    public override void Read(long offset, Span<byte> into)
    {
        if (into.IsEmpty)
        {
            return;
        }

        var start = description[description.IndexOf(offset)].Start;
        for (var i = description.IndexOf(offset); !into.IsEmpty; i++)
        {
            ref readonly var piece = ref description.Raw[i];
            var skip = offset - start;
            var length = (int)Math.Min(into.Length, piece.Length - skip);
            switch (piece.Kind)
            {
                case ChangePieceKind.Copy:
                    bases[piece.Base].Read(piece.Offset + skip, into[..length]);
                    break;
                case ChangePieceKind.Data:
                    description.Pool.Slice((int)(piece.Offset + skip), length).CopyTo(into);
                    break;
                default:
                    into[..length].Fill(piece.Kind == ChangePieceKind.Fill ? (byte)piece.Offset : (byte)0);
                    break;
            }

            into = into[length..];
            offset += length;
            start += piece.Length;
        }
    }

    /// <inheritdoc/>
    public override long NextData(long offset)
    {
        while (offset < Length)
        {
            var piece = description[description.IndexOf(offset)];
            if (piece.Kind == ChangePieceKind.Copy)
            {
                var within = piece.Offset + (offset - piece.Start);
                var next = offset + (bases[piece.Base].NextData(within) - within);
                if (next < piece.End)
                {
                    return next;
                }
            }
            else if (piece.Kind == ChangePieceKind.Data || (piece.Kind == ChangePieceKind.Fill && piece.Value != 0))
            {
                return offset;
            }

            offset = piece.End;
        }

        return Length;
    }
}
