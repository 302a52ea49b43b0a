using Reflink.Cache.Policies.Lists;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

// The pages that a trace touches, and what else is known of it: a pass over the trace.
internal sealed class TracePages
{
    private TracePages(TraceFacts facts, IReadOnlyList<ulong> sorted) => (Facts, Sorted) = (facts, sorted);

    public TraceFacts Facts { get; }

    /// <summary>Each page once, in order of files and pages.</summary>
    public IReadOnlyList<ulong> Sorted { get; }

    /// <exception cref="ReflinkException">ENOMEM: it touches more pages than a machine is to be filled with.</exception>
    public static TracePages Take(TraceInput input, TraceOptions options, long most, Action<Trace> progress)
    {
        using var trace = Trace.Of(input, options);
        var (seen, pages, batch) = (new KeyTable(int.MaxValue / 2), new List<ulong>(), new PageAccess[4096]);
        var facts = new FactTaker(options.Sample);
        for (int count; (count = trace.Read(batch)) > 0; progress(trace))
        {
            facts.Take(batch.AsSpan(0, count));
            foreach (ref readonly var access in batch.AsSpan(0, count))
            {
                if (!seen.TryFind(access.Page.Value, out _))
                {
                    seen.Add(access.Page.Value, 0);
                    pages.Add(access.Page.Value);
                }
            }

            if (pages.Count > most)
            {
                throw new ReflinkException(
                    Errno.ENOMEM, $"the trace touches more than {Counted.Of(most, "page")}, and a machine keeps the bytes of each; replay it without --machine, or take a sample");
            }
        }

        pages.Sort();
        return new TracePages(facts.Finish(trace, input.Path), pages);
    }
}
