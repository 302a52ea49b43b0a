using Reflink.Descriptions.Pieces;
using Reflink.Inodes;
using Reflink.Space;

namespace Reflink.Files.Described;

/// <summary>Turns pages of a description into recipes over the blocks of its bases. Pages must be asked for in ascending order.</summary>
internal sealed class PageRecipes(ChangeDescription description, IReadOnlyList<Inode> bases, BlockSpace space)
{
    private readonly RecipeBuilder _builder = new();
    private int _piece;

    /// <summary>How a page is made; what lies behind the end of the file is zero.</summary>
    public Recipe Of(PageIndex page)
    {
        var end = Math.Min((page + 1).Offset, description.Size);
        var at = page.Offset;
        while (description[_piece].End <= at)
        {
            _piece++;
        }

        for (var i = _piece; at < end; i++)
        {
            var piece = description[i];
            var length = (int)(Math.Min(piece.End, end) - at);
            Append(piece, at - piece.Start, length);
            at += length;
        }

        _builder.Zero(Page.Size - _builder.Length);
        return _builder.Build();
    }

    private void Append(in ChangePiece piece, long skip, int length)
    {
        switch (piece.Kind)
        {
            case ChangePieceKind.Copy:
                AppendCopy(bases[piece.Base], piece.Offset + skip, length);
                break;
            case ChangePieceKind.Data:
                _builder.Data(piece.Data.Span.Slice((int)skip, length));
                break;
            case ChangePieceKind.Fill when piece.Value != 0:
                Span<byte> filled = stackalloc byte[length];
                filled.Fill(piece.Value);
                _builder.Data(filled);
                break;
            default:
                _builder.Zero(length);
                break;
        }
    }

    // A page's worth of bytes may lie in two pages of the base.
    private void AppendCopy(Inode file, long offset, int length)
    {
        while (length > 0)
        {
            var within = (int)(offset & (Page.Size - 1));
            var taken = Math.Min(length, Page.Size - within);
            _ = file.Map.TryFindBlock(PageIndex.Of(offset), out var block);
            _builder.Bytes(space, block, within, taken);
            offset += taken;
            length -= taken;
        }
    }
}
