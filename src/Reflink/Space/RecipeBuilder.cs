namespace Reflink.Space;

/// <summary>
/// Puts a recipe together from left to right, in the one form that equal pages over the same roots have.
/// </summary>
/// <remarks>
/// Copies of one block that continue each other are one copy. What lies between two copies is one string of literal bytes,
/// whatever calls it came from; in it every stretch of at least <see cref="LongZeroes"/> zero bytes, and a string that is zero
/// throughout, is a zero piece, and the rest is data. Shorter zeroes stay data, or machine code would fall to pieces.
/// </remarks>
internal sealed class RecipeBuilder
{
    /// <summary>From how many zero bytes on a stretch within data is a piece of its own.</summary>
    public const int LongZeroes = 16;

    // A breakpoint is a byte, and there are many thousands of them: the bytes of all one-byte pieces are these.
    private static readonly byte[][] s_single = [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })];

    private readonly List<RecipePiece> _pieces = [];
    private readonly byte[] _literal = new byte[Page.Size];
    private int _literalLength;

    /// <summary>How many bytes of the page are described so far.</summary>
    public int Length { get; private set; }

    /// <summary>The next bytes are those of a stored or anonymous block (or of block 0: zeroes).</summary>
    public RecipeBuilder Copy(BlockNumber source, int offset, int length)
    {
        Invariant.Check(source.Kind != BlockKind.Derived);
        Invariant.Check(offset >= 0 && length >= 0 && offset + length <= Page.Size);
        if (source.IsZero)
        {
            return Zero(length);
        }

        if (length == 0)
        {
            return this;
        }

        Advance(length);
        FlushLiteral();
        if (_pieces.Count > 0 && _pieces[^1] is { Kind: PieceKind.Copy } last && last.Source == source && last.Offset + last.Length == offset)
        {
            _pieces[^1] = RecipePiece.OfCopy(source, last.Offset, last.Length + length);
        }
        else
        {
            _pieces.Add(RecipePiece.OfCopy(source, offset, length));
        }

        return this;
    }

    /// <summary>The next bytes are these.</summary>
    public RecipeBuilder Data(ReadOnlySpan<byte> bytes)
    {
        Advance(bytes.Length);
        bytes.CopyTo(_literal.AsSpan(_literalLength));
        _literalLength += bytes.Length;
        return this;
    }

    /// <summary>The next bytes are zero.</summary>
    public RecipeBuilder Zero(int length)
    {
        Invariant.Check(length >= 0);
        Advance(length);
        _literal.AsSpan(_literalLength, length).Clear();
        _literalLength += length;
        return this;
    }

    /// <summary>The next bytes are those of any block: one that is derived is folded in, so that roots are stored or anonymous.</summary>
    public RecipeBuilder Bytes(BlockSpace space, BlockNumber block, int offset, int length) =>
        block.Kind == BlockKind.Derived ? Slice(space.RecipeOf(block), offset, length) : Copy(block, offset, length);

    /// <summary>The next bytes are those of another recipe's page: how a derived root is folded in.</summary>
    public RecipeBuilder Slice(Recipe recipe, int offset, int length)
    {
        Invariant.Check(offset >= 0 && length >= 0 && offset + length <= Page.Size);
        var at = 0;
        foreach (var piece in recipe.Pieces)
        {
            var skip = Math.Max(0, offset - at);
            var take = Math.Min(piece.Length, offset + length - at) - skip;
            if (take > 0)
            {
                _ = piece.Kind switch
                {
                    PieceKind.Copy => Copy(piece.Source, piece.Offset + skip, take),
                    PieceKind.Data => Data(piece.Data.Slice(skip, take)),
                    _ => Zero(take),
                };
            }

            at += piece.Length;
        }

        return this;
    }

    /// <summary>The recipe, once the whole page is described. The builder is empty afterwards.</summary>
    public Recipe Build()
    {
        Invariant.Check(Length == Page.Size);
        FlushLiteral();
        Recipe recipe = new([.. _pieces]);
        _pieces.Clear();
        Length = 0;
        return recipe;
    }

    private void Advance(int length)
    {
        Invariant.Check(Length + length <= Page.Size);
        Length += length;
    }

    private void FlushLiteral()
    {
        ReadOnlySpan<byte> rest = _literal.AsSpan(0, _literalLength);
        _literalLength = 0;
        if (rest.Length == 1 && rest[0] != 0)
        {
            _pieces.Add(RecipePiece.OfData(s_single[rest[0]]));
            return;
        }

        if (!rest.IsEmpty && !rest.ContainsAnyExcept((byte)0))
        {
            _pieces.Add(RecipePiece.OfZero(rest.Length));
            return;
        }

        while (!rest.IsEmpty)
        {
            var data = NextLongZeroes(rest);
            if (data > 0)
            {
                _pieces.Add(RecipePiece.OfData(rest[..data].ToArray()));
                rest = rest[data..];
            }

            var zeroes = rest.IndexOfAnyExcept((byte)0);
            zeroes = zeroes < 0 ? rest.Length : zeroes;
            if (zeroes > 0)
            {
                _pieces.Add(RecipePiece.OfZero(zeroes));
                rest = rest[zeroes..];
            }
        }
    }

    /// <summary>Where the next stretch of zeroes begins that is long enough; the length if none does.</summary>
    private static int NextLongZeroes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> zeroes = stackalloc byte[LongZeroes];
        zeroes.Clear();
        var at = bytes.IndexOf(zeroes);
        return at < 0 ? bytes.Length : at;
    }
}
