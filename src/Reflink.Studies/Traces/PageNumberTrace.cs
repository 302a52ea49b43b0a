using Reflink.Cache;
using Reflink.Cache.Simulation;

namespace Reflink.Studies.Traces;

// The recorded kernel runs: pages of one file as u32, little-endian.
internal sealed class PageNumberTrace(Stream stream, string path) : BinaryTrace(stream, path, 4)
{
    public override bool IsBlockLevel => false;

    protected override TraceRequest Parse(ReadOnlySpan<byte> record, long number) => new(new PageKey(U32(record, 0)), 1, AccessKind.Read);
}
