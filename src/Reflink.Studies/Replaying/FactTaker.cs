using Reflink.Cache.Policies.Lists;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

// Counts a trace while it is read: 24 to 48 bytes a distinct page.
internal sealed class FactTaker(double sample)
{
    private readonly KeyTable _pages = new(int.MaxValue / 2);
    private long _accesses;
    private long _writes;

    public void Take(ReadOnlySpan<PageAccess> accesses)
    {
        _accesses += accesses.Length;
        foreach (ref readonly var access in accesses)
        {
            _writes += access.Kind is AccessKind.Write ? 1 : 0;
            if (!_pages.TryFind(access.Page.Value, out _))
            {
                _pages.Add(access.Page.Value, 0);
            }
        }
    }

    /// <summary>At the end of the trace.</summary>
    /// <exception cref="ReflinkException">EINVAL: it touches no page.</exception>
    public TraceFacts Finish(Trace trace, string path)
    {
        if (trace.Seen == 0 || _accesses == 0)
        {
            throw new ReflinkException(Errno.EINVAL, trace.Seen == 0
                ? $"'{path}' touches no page in {Counted.Of(trace.Requests, "request")}; is it a trace of another format?"
                : $"of {Counted.Of(trace.Seen, "access", "accesses")} the sample has none; take a larger one");
        }

        return new TraceFacts(trace.Format, trace.Requests, trace.Seen, _accesses, _accesses - _writes, _writes, _pages.Count, sample) { Notes = [.. Notes(trace)] };
    }

    private static IEnumerable<string> Notes(Trace trace)
    {
        if (trace.IsBlockLevel)
        {
            yield return "the trace was taken below the page cache: what it hit is not in it, so this answers questions about a second cache only";
        }

        if (trace.Malformed.Count > 0)
        {
            yield return $"this is not the whole trace, passed over: {Counted.Of(trace.Malformed.Count, "malformed line")}; the first: {trace.Malformed[0]}";
        }

        foreach (var note in trace.Notes)
        {
            yield return note;
        }
    }
}
