using SharpCompress.Compressors.Xz;

namespace Reflink.Studies.Traces.Streams;

// Streams of xz, with padding behind them: zeroes, four at a time (The .xz File Format, 2.2).
internal sealed class XzStream(PeekStream source) : MemberStream(source, "xz", Magic)
{
    private const int PaddingUnit = 4;

    public static byte[] Magic { get; } = [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    protected override Stream Begin() => new XZStream(new Unended(Source));

    protected override void End()
    {
        while (Source.Peek(PaddingUnit) is [0, 0, 0, 0, ..])
        {
            Source.Skip(PaddingUnit);
        }
    }

    // A stream of xz says where it ends. SharpCompress goes on for ever if the file ends first; and it asks for the position, to find padding.
    private sealed class Unended(PeekStream source) : ReadOnlyStream
    {
        private readonly long _start = source.Position;

        public override long Position { get => source.Position - _start; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = source.Read(buffer);
            return count > 0 || buffer.IsEmpty ? count : throw new EndOfStreamException("the xz stream ends early");
        }
    }
}
