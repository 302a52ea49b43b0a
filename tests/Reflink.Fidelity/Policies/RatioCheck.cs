using System.Globalization;
using Reflink.Cache.Policies;
using Reflink.Cache.Simulation;
using Reflink.Studies.Traces;

namespace Reflink.Fidelity.Policies;

/// <summary>A published miss ratio beside ours.</summary>
public sealed record RatioCheck(PublishedRatio Published, decimal Ours)
{
    private static readonly string[] s_exact = ["lru", "fifo", "clock", "sieve", "belady"];

    /// <summary>How far ours is above, to four decimals.</summary>
    public decimal Difference => Ours - Published.MissRatio;

    /// <summary>How far apart they may be.</summary>
    public decimal Owed => s_exact.Contains(Published.Policy) ? 0 : 0.005m;

    public bool Holds => Math.Abs(Difference) <= Owed;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Published.Trace,-14} {Published.Policy,-9} {Published.Pages,6} pages: {Published.MissRatio:0.0000} published, {Ours:0.0000} ours, {Difference:+0.0000;-0.0000; 0.0000}{(Holds ? "" : "  TOO FAR")}");

    /// <summary>Replays a trace for all of its rows.</summary>
    public static IEnumerable<RatioCheck> Run(string path, IReadOnlyList<PublishedRatio> rows)
    {
        var accesses = new List<PageAccess>();
        var next = new List<long>();
        using (var trace = Trace.Open(path))
        {
            var (batch, ahead) = (new PageAccess[4096], new long[4096]);
            for (int count; (count = trace.Read(batch, ahead)) > 0;)
            {
                accesses.AddRange(batch.AsSpan(0, count));
                next.AddRange(ahead.AsSpan(0, count));
            }
        }

        foreach (var row in rows)
        {
            var at = 0;
            var simulation = row.Policy == "belady"
                ? CacheSimulation.Of(new BeladyPolicy(() => next[at++]), row.Pages)
                : ReplacementPolicies.Simulate(row.Policy, row.Pages);
            simulation.Run(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(accesses));
            if (simulation.Counts.Accesses != row.Requests)
            {
                throw new InvalidDataException($"{path} has {simulation.Counts.Accesses} requests, the table says {row.Requests}");
            }

            // As printf rounds a double: half a digit of the last place is hardly ever half in binary.
            yield return new RatioCheck(row, decimal.Parse(simulation.Counts.MissRatio.ToString("F4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
    }
}
