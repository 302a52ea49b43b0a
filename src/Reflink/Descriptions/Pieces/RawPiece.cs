namespace Reflink.Descriptions.Pieces;

/// <summary>A piece as it is stored: without its place in the result, and its data in a pool.</summary>
/// <param name="Kind">Where the bytes come from.</param>
/// <param name="Base">For a copy, which base.</param>
/// <param name="Offset">For a copy, the first byte in the base; for data, in the pool; for a fill, the byte.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct RawPiece(ChangePieceKind Kind, int Base, long Offset, long Length)
{
    public static RawPiece Copy(int file, long offset, long length) => new(ChangePieceKind.Copy, file, offset, length);

    public static RawPiece Data(long poolOffset, long length) => new(ChangePieceKind.Data, 0, poolOffset, length);

    public static RawPiece Fill(byte value, long length) => new(ChangePieceKind.Fill, 0, value, length);

    public static RawPiece Hole(long length) => new(ChangePieceKind.Hole, 0, 0, length);

    /// <summary>A part of the piece.</summary>
    public RawPiece Slice(long skip, long length) =>
        this with { Offset = Kind is ChangePieceKind.Copy or ChangePieceKind.Data ? Offset + skip : Offset, Length = length };

    /// <summary>Whether the next piece continues this one in the same base or in the pool, so that both are one.</summary>
    public bool IsContinuedBy(in RawPiece next) => Kind == next.Kind && Kind switch
    {
        ChangePieceKind.Copy => Base == next.Base && Offset + Length == next.Offset,
        ChangePieceKind.Data => Offset + Length == next.Offset,
        ChangePieceKind.Fill => Offset == next.Offset,
        _ => true,
    };
}
