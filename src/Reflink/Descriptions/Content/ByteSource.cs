using Reflink.Descriptions.Pieces;

namespace Reflink.Descriptions.Content;

/// <summary>A file's bytes, wherever they are: in memory, on this computer, in a volume.</summary>
public abstract class ByteSource
{
    private const int Chunk = 1 << 20;

    /// <summary>How many bytes there are.</summary>
    public abstract long Length { get; }

    /// <summary>Bytes in memory.</summary>
    public static ByteSource Of(ReadOnlyMemory<byte> bytes) => new MemorySource(bytes);

    /// <summary>A stream that can seek; its length must not change meanwhile.</summary>
    public static ByteSource Of(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new StreamSource(stream);
    }

    /// <summary>Reads bytes that all lie within the source.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="into">Where they go; all of it is filled.</param>
    public abstract void Read(long offset, Span<byte> into);

    /// <summary>The first offset from <paramref name="offset"/> on at which a byte may be other than zero; the length if there is none.</summary>
    public virtual long NextData(long offset) => offset;

    /// <summary>The whole source in one array.</summary>
    /// <exception cref="ReflinkException">EFBIG: it is larger than <see cref="DescriptionLimits.MaxCompared"/>.</exception>
    internal byte[] ReadAll(IProgress<long>? progress)
    {
        if (Length > DescriptionLimits.MaxCompared)
        {
            throw new ReflinkException(Errno.EFBIG, $"a file of {Length} bytes is too large to be compared in memory; the limit is {DescriptionLimits.MaxCompared} bytes");
        }

        var bytes = new byte[Length];
        for (var at = NextData(0); at < bytes.Length; at = NextData(at))
        {
            var length = Math.Min(Chunk, bytes.Length - (int)at);
            Read(at, bytes.AsSpan((int)at, length));
            at += length;
            progress?.Report(at);
        }

        return bytes;
    }

    private sealed class MemorySource(ReadOnlyMemory<byte> bytes) : ByteSource
    {
        public override long Length => bytes.Length;

        public override void Read(long offset, Span<byte> into) => bytes.Span.Slice((int)offset, into.Length).CopyTo(into);
    }

    private sealed class StreamSource(Stream stream) : ByteSource
    {
        public override long Length { get; } = stream.Length;

        public override void Read(long offset, Span<byte> into)
        {
            stream.Position = offset;
            try
            {
                stream.ReadExactly(into);
            }
            catch (EndOfStreamException e)
            {
                throw new ReflinkException(Errno.ESTALE, $"the file was cut to {stream.Length} bytes while it was read; read it again when nobody writes to it", e);
            }
        }
    }
}
