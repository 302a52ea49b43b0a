namespace Reflink.Space;

/// <summary>Some bytes of a derived page: where they come from and how many they are.</summary>
internal readonly struct RecipePiece : IEquatable<RecipePiece>
{
    // A page has 4,096 bytes, so both numbers fit; there are many recipes, and every byte of them stays in memory.
    private readonly byte[]? _data;
    private readonly ushort _offset;
    private readonly ushort _length;
    private readonly byte _kind;

    private RecipePiece(PieceKind kind, BlockNumber source, int offset, int length, byte[]? data) =>
        (_kind, Source, _offset, _length, _data) = ((byte)kind, source, (ushort)offset, (ushort)length, data);

    /// <summary>Where the bytes come from.</summary>
    public PieceKind Kind => (PieceKind)_kind;

    /// <summary>The block to copy from; block 0 in other kinds.</summary>
    public BlockNumber Source { get; }

    /// <summary>The first byte to copy within <see cref="Source"/>; 0 in other kinds.</summary>
    public int Offset => _offset;

    /// <summary>How many bytes, at least one.</summary>
    public int Length => _length;

    /// <summary>The literal bytes of a data piece; empty in other kinds.</summary>
    public ReadOnlySpan<byte> Data => _data;

    /// <summary>Whether both say the same.</summary>
    public static bool operator ==(RecipePiece a, RecipePiece b) => a.Equals(b);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(RecipePiece a, RecipePiece b) => !a.Equals(b);

    /// <inheritdoc/>
    public bool Equals(RecipePiece other) =>
        Kind == other.Kind && Source == other.Source && Offset == other.Offset && Length == other.Length
        && Data.SequenceEqual(other.Data);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecipePiece other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((((int)Kind * 31) + Source.GetHashCode()) * 31 + (Offset * 4096) + Length);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PieceKind.Copy => $"{Source}[{Offset},{Offset + Length})",
        PieceKind.Data => $"data {Convert.ToHexStringLower(Data)}",
        _ => $"zero {Length}",
    };

    internal static RecipePiece OfCopy(BlockNumber source, int offset, int length) => new(PieceKind.Copy, source, offset, length, null);

    internal static RecipePiece OfData(byte[] data) => new(PieceKind.Data, default, 0, data.Length, data);

    internal static RecipePiece OfZero(int length) => new(PieceKind.Zero, default, 0, length, null);
}
