namespace Reflink.Descriptions.Pieces;

/// <summary>Some bytes of the file that a description makes: where they lie and where they come from.</summary>
/// <param name="Start">The first byte, in the result.</param>
/// <param name="Length">How many bytes, at least one.</param>
/// <param name="Kind">Where they come from.</param>
/// <param name="Base">For a copy, which of the description's bases.</param>
/// <param name="Offset">For a copy, the first byte in that base.</param>
/// <param name="Data">For data, the bytes.</param>
/// <param name="Value">For a fill, the byte.</param>
public readonly record struct ChangePiece(
    long Start, long Length, ChangePieceKind Kind, int Base, long Offset, ReadOnlyMemory<byte> Data, byte Value)
{
    /// <summary>The first byte behind the piece.</summary>
    public long End => Start + Length;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ChangePieceKind.Copy => $"[{Start},{End}) copy {Base}:[{Offset},{Offset + Length})",
        ChangePieceKind.Data => $"[{Start},{End}) data {Convert.ToHexStringLower(Data.Span[..Math.Min(16, Data.Length)])}{(Data.Length > 16 ? "…" : "")}",
        ChangePieceKind.Fill => $"[{Start},{End}) fill {Value:x2}",
        _ => $"[{Start},{End}) hole",
    };
}
