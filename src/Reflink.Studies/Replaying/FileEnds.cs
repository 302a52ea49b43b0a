using System.Runtime.InteropServices;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;

namespace Reflink.Studies.Replaying;

// How many pages the files of a trace have, as far as it touches them: readahead stops there. A pass over the trace.
internal sealed class FileEnds
{
    private readonly Dictionary<long, long> _pages = [];

    public static FileEnds Compute(TraceInput input, TraceOptions options, Action<Trace> progress)
    {
        using var trace = Trace.Of(input, options);
        var (ends, batch) = (new FileEnds(), new PageAccess[4096]);
        for (int count; (count = trace.Read(batch)) > 0; progress(trace))
        {
            foreach (ref readonly var access in batch.AsSpan(0, count))
            {
                var label = access.Page.Label;
                ref var pages = ref CollectionsMarshal.GetValueRefOrAddDefault(ends._pages, label.Inode.Value, out _);
                pages = Math.Max(pages, label.Page.Value + 1);
            }
        }

        return ends;
    }

    public long Of(long file) => _pages.GetValueOrDefault(file);
}
