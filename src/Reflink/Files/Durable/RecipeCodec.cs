using Reflink.Space;

namespace Reflink.Files.Durable;

/// <summary>Recipes as bytes.</summary>
internal static class RecipeCodec
{
    /// <summary>Writes a recipe down.</summary>
    public static void Put(ByteWriter to, Recipe recipe)
    {
        to.Put(recipe.Pieces.Length);
        foreach (ref readonly var piece in recipe.Pieces.AsSpan())
        {
            to.Put((long)piece.Kind);
            to.Put(piece.Source.Value);
            to.Put(piece.Offset);
            to.Put(piece.Length);
            to.PutRaw(piece.Data);
        }
    }

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static Recipe Take(ref ByteReader from)
    {
        var pieces = new RecipePiece[from.TakeCount()];
        for (var n = 0; n < pieces.Length; n++)
        {
            var (kind, source, offset, length) = ((PieceKind)from.TakeCount(), new BlockNumber(from.Take()), from.TakeCount(), from.TakeCount());
            if (offset > Page.Size || length > Page.Size - offset)
            {
                throw new InvalidDataException("a piece reaches out of its page");
            }

            pieces[n] = kind switch
            {
                PieceKind.Copy => RecipePiece.OfCopy(source, offset, length),
                PieceKind.Data => RecipePiece.OfData(from.TakeRaw(length).ToArray()),
                PieceKind.Zero => RecipePiece.OfZero(length),
                _ => throw new InvalidDataException("a piece of no kind"),
            };
        }

        return new Recipe([.. pieces]);
    }
}
