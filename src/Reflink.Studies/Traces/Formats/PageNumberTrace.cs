using Reflink.Cache.Simulation;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// The recorded kernel runs: pages of one file as u32, little-endian.
internal sealed class PageNumberTrace(PeekStream stream, string path) : BinaryTrace(stream, path, 4)
{
    public override bool IsBlockLevel => false;

    protected override string? Parse(ReadOnlySpan<byte> record, long number, out TraceRequest request)
    {
        request = new TraceRequest(new PageKey(U32(record, 0)), 1, AccessKind.Read);
        return null;
    }
}
