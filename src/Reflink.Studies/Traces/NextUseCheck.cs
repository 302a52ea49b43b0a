using System.Globalization;
using System.Runtime.InteropServices;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces.Formats;

namespace Reflink.Studies.Traces;

// Compares when a trace says that each page is used next with when it is: some 40 bytes a page.
internal sealed class NextUseCheck
{
    private readonly Dictionary<ulong, (long Said, long In)> _promises = [];
    private long _wrong;
    private string _first = "";

    /// <summary>Takes the next request in, numbered from 1.</summary>
    public void Take(PageKey page, long request, long next)
    {
        ref var promise = ref CollectionsMarshal.GetValueRefOrAddDefault(_promises, page.Value, out var isThere);
        if (isThere && promise.Said != request)
        {
            Wrong(promise, string.Create(CultureInfo.InvariantCulture, $"request {request}"));
        }

        promise = (next, request);
    }

    /// <summary>At the end, after so many requests.</summary>
    public IReadOnlyList<string> Notes(long requests)
    {
        foreach (var promise in _promises.Values.Where(p => p.Said <= requests))
        {
            Wrong(promise, "never");
        }

        return _wrong == 0 ? [] : [$"wrong about when an object is used next: {Counted.Of(_wrong, "record")} ({_first}); belady believes it, so its misses are not the fewest possible"];
    }

    private void Wrong((long Said, long In) promise, string used)
    {
        _first = _wrong++ > 0 ? _first
            : string.Create(CultureInfo.InvariantCulture, $"record {promise.In} says {(promise.Said == TraceRequest.Never ? "never" : $"request {promise.Said}")}, and it is {used}");
    }
}
