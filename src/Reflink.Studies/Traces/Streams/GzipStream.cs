using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Reflink.Studies.Traces.Streams;

/// <summary>
/// Members of gzip (RFC 1952). .NET's own takes the end of a cut member for its end and passes over garbage behind the last, since nobody hears
/// how far it has read. Here the length and the checksum behind the data tell both: they are looked for in the last bytes that were handed over.
/// <code>
///   header │ deflate data ........... │ crc32, length │ next member
///                      └ handed over last ┘
/// </code>
/// </summary>
internal sealed class GzipStream(PeekStream source) : MemberStream(source, "gzip", Magic)
{
    private const int TrailerLength = 8;
    private readonly Crc32 _sum = new();
    private HandedOver _data = new(source);
    private uint _length;

    public static byte[] Magic { get; } = [0x1f, 0x8b];

    protected override Stream Begin()
    {
        SkipHeader();
        (_data, _length) = (new HandedOver(Source), 0);
        _sum.Reset();
        return new DeflateStream(_data, CompressionMode.Decompress);
    }

    protected override int ReadMember(Stream member, Span<byte> buffer)
    {
        var count = member.Read(buffer);
        _sum.Append(buffer[..count]);
        _length = unchecked(_length + (uint)count);
        return count;
    }

    protected override void End()
    {
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _sum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        var at = Source.Peek(_data.Last + TrailerLength).IndexOf(trailer);
        Source.Skip(at >= 0 ? at + TrailerLength : throw new InvalidDataException("the gzip stream ends early, or its checksum is another"));
    }

    private void SkipHeader()
    {
        Source.Skip(3);
        var flags = Take(1)[0];
        Take(6);
        if ((flags & 4) != 0)
        {
            Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
        }

        // A name, then a comment, each up to a zero; then the header's checksum.
        for (var texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
        {
            while (Take(1)[0] != 0)
            {
            }
        }

        Take((flags & 2) != 0 ? 2 : 0);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var bytes = Source.Peek(count);
        Source.Skip(bytes.Length >= count ? count : throw new InvalidDataException("the gzip stream ends within its header"));
        return bytes[..count];
    }

    // Bytes are taken from the source when the next are asked for, so the last that were handed over can be looked at again.
    private sealed class HandedOver(PeekStream source) : ReadOnlyStream
    {
        public int Last { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            source.Skip(Last);
            Last = 0;
            var next = source.Peek(1);
            Last = Math.Min(next.Length, buffer.Length);
            next[..Last].CopyTo(buffer);
            return Last;
        }
    }
}
