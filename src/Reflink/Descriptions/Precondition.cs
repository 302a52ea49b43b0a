using System.Security.Cryptography;
using Reflink.Descriptions.Content;

namespace Reflink.Descriptions;

/// <summary>What a range of a base must hold, so that a description may be used.</summary>
/// <param name="Base">Which base.</param>
/// <param name="Offset">The first byte.</param>
/// <param name="Length">How many bytes, at least one.</param>
/// <param name="Kind"><see cref="PreconditionKind.Hash"/> or <see cref="PreconditionKind.Bytes"/>.</param>
/// <param name="Expected">The bytes; or <see cref="HashBytes"/> bytes: a rolling checksum, and the first half of their SHA-256.</param>
public readonly record struct Precondition(int Base, long Offset, long Length, PreconditionKind Kind, ReadOnlyMemory<byte> Expected)
{
    /// <summary>How long a hash is.</summary>
    public const int HashBytes = sizeof(uint) + StrongBytes;

    private const int StrongBytes = 16;

    /// <summary>The first byte behind the range.</summary>
    public long End => Offset + Length;

    /// <summary>Whether these bytes, as many as the range has, are what is expected.</summary>
    internal bool IsMetBy(ReadOnlySpan<byte> bytes)
    {
        if (Kind == PreconditionKind.Bytes)
        {
            return bytes.SequenceEqual(Expected.Span);
        }

        Span<byte> hash = stackalloc byte[HashBytes];
        HashOf(bytes, hash);
        return hash.SequenceEqual(Expected.Span);
    }

    /// <summary>The precondition that a range of a base is as it is now.</summary>
    internal static Precondition Of(int file, long offset, ReadOnlySpan<byte> bytes, PreconditionKind kind)
    {
        var expected = new byte[kind == PreconditionKind.Bytes ? bytes.Length : HashBytes];
        if (kind == PreconditionKind.Bytes)
        {
            bytes.CopyTo(expected);
        }
        else
        {
            HashOf(bytes, expected);
        }

        return new(file, offset, bytes.Length, kind, expected);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Base}:[{Offset},{End}) {(Kind == PreconditionKind.Bytes ? "bytes" : "hash")} {Convert.ToHexStringLower(Expected.Span[..Math.Min(20, Expected.Length)])}{(Expected.Length > 20 ? "…" : "")}";

    private static void HashOf(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(into, RollingSum.Of(bytes));
        Span<byte> strong = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, strong);
        strong[..StrongBytes].CopyTo(into[sizeof(uint)..]);
    }
}
