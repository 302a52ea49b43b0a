using System.Globalization;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces.Streams;
using Reflink.Units;

namespace Reflink.Studies.Traces.Formats;

// libCacheSim's oracleGeneral: u32 time, u64 object, u32 size, i64 number of the request that uses it next, -1 or the largest: none.
// An object is taken for a page, whatever its size.
internal sealed class OracleGeneralTrace(PeekStream stream, string path) : BinaryTrace(stream, path, 24)
{
    private uint _smallest = uint.MaxValue;
    private uint _largest;

    public override bool IsBlockLevel => false;

    public override bool HasNeighbours => false;

    public override IReadOnlyList<string> Notes => (_smallest, _largest) is (Page.Size, Page.Size) ? []
        : [string.Create(CultureInfo.InvariantCulture, $"objects have sizes of {_smallest:n0} to {_largest:n0} bytes; each is taken for one page of {Page.Size:n0}, so memory counts objects")];

    protected override string? Parse(ReadOnlySpan<byte> record, long number, out TraceRequest request)
    {
        var (size, next) = (U32(record, 12), unchecked((long)U64(record, 16)));
        (_smallest, _largest) = (Math.Min(_smallest, size), Math.Max(_largest, size));
        request = new TraceRequest(new PageKey(U64(record, 4)), 1, AccessKind.Read, next == -1 ? TraceRequest.Never : next);
        return next == -1 || next > number ? null : $"its object is used next in request {next}, before itself; this is no oracleGeneral trace";
    }
}
