using Reflink.Cache;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Traces;

// libCacheSim's oracleGeneral: u32 time, u64 object, u32 size, i64 number of the request that uses it next, -1 or the largest: none.
// An object is taken for a page, whatever its size.
internal sealed class OracleGeneralTrace(Stream stream, string path) : BinaryTrace(stream, path, 24)
{
    private readonly string _path = path;

    public override bool IsBlockLevel => false;

    protected override TraceRequest Parse(ReadOnlySpan<byte> record, long number)
    {
        var next = unchecked((long)U64(record, 16));
        if (next != -1 && next <= number + 1)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{_path}', record {number + 1} says that its object is used next in request {next}; this is no oracleGeneral trace");
        }

        return new TraceRequest(new PageKey(U64(record, 4)), 1, AccessKind.Read, next == -1 ? TraceRequest.Never : next);
    }
}
