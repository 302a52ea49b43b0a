using System.Runtime.InteropServices;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Studies.Traces.Formats;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

// When each access' page is used next, for traces that do not say: a first pass over the trace, 4 bytes an access and about 30 a page.
internal sealed class NextUses
{
    private const int ChunkShift = 20;
    private const int Never = -1;
    private readonly List<int[]> _chunks = [];
    private int _count;

    public long this[int at] => _chunks[at >> ChunkShift][at & ((1 << ChunkShift) - 1)] is var next && next == Never ? TraceRequest.Never : next;

    public static NextUses Compute(TraceInput input, TraceOptions options, Action<Trace> progress)
    {
        using var trace = Trace.Of(input, options);
        var (uses, batch, last) = (new NextUses(), new PageAccess[4096], new Dictionary<ulong, int>());
        for (int count; (count = trace.Read(batch)) > 0; progress(trace))
        {
            foreach (ref readonly var access in batch.AsSpan(0, count))
            {
                ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(last, access.Page.Value, out var isThere);
                if (isThere)
                {
                    uses.At(before) = uses._count;
                }

                before = uses.Add();
            }
        }

        return uses;
    }

    private ref int At(int at) => ref _chunks[at >> ChunkShift][at & ((1 << ChunkShift) - 1)];

    private int Add()
    {
        if (_count == int.MaxValue)
        {
            throw new ReflinkException(Errno.EFBIG, $"{ReplayOptions.Optimum} needs the next use of more than {int.MaxValue} accesses, which the trace does not say; take a sample");
        }

        if (_count >> ChunkShift == _chunks.Count)
        {
            _chunks.Add(new int[1 << ChunkShift]);
        }

        At(_count) = Never;
        return _count++;
    }
}
