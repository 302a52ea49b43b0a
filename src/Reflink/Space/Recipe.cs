using System.Collections.Immutable;
using System.IO.Hashing;

namespace Reflink.Space;

/// <summary>
/// How the bytes of a derived block are made: a list of pieces that covers one page without gaps, in the one form that
/// <see cref="RecipeBuilder"/> gives it. Equal recipes are one block within a sharing domain.
/// </summary>
internal sealed class Recipe : IEquatable<Recipe>
{
    private readonly int _hash;

    internal Recipe(ImmutableArray<RecipePiece> pieces)
    {
        Pieces = pieces;
        Roots = DistinctSources(pieces);
        _hash = HashOf(pieces);
    }

    /// <summary>The pieces from the page's first byte to its last.</summary>
    public ImmutableArray<RecipePiece> Pieces { get; }

    /// <summary>The blocks that are copied from, each once, in order of number.</summary>
    public ImmutableArray<BlockNumber> Roots { get; }

    /// <summary>Whether the page is all zeroes: then it is block 0.</summary>
    public bool IsZero => Pieces is [{ Kind: PieceKind.Zero }];

    /// <summary>Whether the page is one block, whole: then it is that block.</summary>
    public bool IsWholeBlock(out BlockNumber block)
    {
        var whole = Pieces is [{ Kind: PieceKind.Copy }];
        block = whole ? Pieces[0].Source : BlockNumber.Zero;
        return whole;
    }

    /// <summary>Writes the bytes that no root has, data and zeroes, to their places in the page.</summary>
    public void WriteLiteral(Span<byte> page)
    {
        var at = 0;
        foreach (ref readonly var piece in Pieces.AsSpan())
        {
            if (piece.Kind == PieceKind.Data)
            {
                piece.Data.CopyTo(page[at..]);
            }
            else if (piece.Kind == PieceKind.Zero)
            {
                page.Slice(at, piece.Length).Clear();
            }

            at += piece.Length;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Recipe? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan())));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Recipe);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => string.Join(" ", Pieces);

    private static ImmutableArray<BlockNumber> DistinctSources(ImmutableArray<RecipePiece> pieces)
    {
        // Few sources, and nearly always one: a list that is searched is the smallest set, and one source needs no list.
        List<BlockNumber>? sources = null;
        BlockNumber? only = null;
        foreach (ref readonly var piece in pieces.AsSpan())
        {
            if (piece.Kind != PieceKind.Copy || piece.Source == only)
            {
                continue;
            }

            if (only is null)
            {
                only = piece.Source;
                continue;
            }

            sources ??= [only.Value];
            if (!sources.Contains(piece.Source))
            {
                sources.Add(piece.Source);
            }
        }

        if (sources is null)
        {
            return only is { } source ? [source] : [];
        }

        sources.Sort();
        return [.. sources];
    }

    /// <summary>The same on every machine and in every run: HashCode is seeded by chance.</summary>
    private static int HashOf(ImmutableArray<RecipePiece> pieces)
    {
        ulong hash = 0;
        foreach (ref readonly var piece in pieces.AsSpan())
        {
            hash = Hashing.Mix(hash ^ (ulong)piece.Source.Value);
            hash = Hashing.Mix(hash ^ ((ulong)piece.Kind << 32) ^ ((ulong)piece.Offset << 16) ^ (ulong)piece.Length);
            hash = piece.Data.Length switch
            {
                0 => hash,
                1 => Hashing.Mix(hash ^ piece.Data[0]),
                _ => XxHash3.HashToUInt64(piece.Data, unchecked((long)hash)),
            };
        }

        return unchecked((int)(hash >> 32));
    }
}
