using System.Buffers.Binary;
using System.IO.Compression;

namespace Reflink.Studies.Traces;

// .NET takes the end of a cut gzip file for its end. The last four bytes of a whole one are its length (RFC 1952), so they tell.
internal sealed class GzipStream(FileStream file) : Stream
{
    private readonly uint _length = LengthIn(file);
    private readonly GZipStream _inner = new(file, CompressionMode.Decompress);
    private uint _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = _inner.Read(buffer);
        _read = unchecked(_read + (uint)count);
        return count > 0 || buffer.IsEmpty || _read == _length ? count
            : throw new InvalidDataException("the gzip stream ends early, or holds several members, which is not supported");
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint LengthIn(FileStream file)
    {
        Span<byte> tail = stackalloc byte[4];
        file.Seek(-Math.Min(4, file.Length), SeekOrigin.End);
        file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return BinaryPrimitives.ReadUInt32LittleEndian(tail);
    }
}
