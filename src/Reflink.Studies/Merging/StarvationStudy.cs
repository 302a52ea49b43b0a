using Reflink.Ksm.Controls;

namespace Reflink.Studies.Merging;

/// <summary>
/// Two equal pages that never change and are never merged. Pages that did not merge are left out of most passes (smart scan), and two
/// that are both old wait for each other only in passes in which both are looked at. Which these are follows from the schedule.
/// </summary>
public sealed class StarvationStudy : IMergingStudy
{
    private const int Period = 9;

    // Long enough for the first page to be looked at every ninth pass.
    private const int Settled = 5 * Period;
    private const int OldPages = 10;

    /// <inheritdoc/>
    public string Name => "smart-scan-starvation";

    /// <inheritdoc/>
    public string Does => "equal pages that smart scan keeps from ever meeting, predicted and seen, and what a repair of the schedule costs";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } = [new("passes", 100, 1, 100_000, "Passes after which two pages count as never merged")];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var passes = options.Count("passes");
        var phases = Enumerable.Range(Settled, Period).Select(first =>
        {
            cancel.ThrowIfCancellationRequested();
            return (IReadOnlyList<object?>)
            [
                (long)first, (long)first % Period, Predict(first, aligned: false, passes), See(first, aligned: false, passes),
                Predict(first, aligned: true, passes), See(first, aligned: true, passes),
            ];
        });
        return new(
            [
                new("passes of the second page until it merges with the first", ["first_pass", "mod_9", "predicted", "seen", "aligned_predicted", "aligned_seen"], [.. phases]),
                new(
                    "what it costs: pages without equals, new ones in every pass, then 90 passes",
                    ["schedule", "pages", "pages_scanned", "pages_skipped", "most_in_a_pass"],
                    [Cost("smart_scan 0", t => t.SmartScan = false, cancel), Cost("smart_scan 1", _ => { }, cancel), Cost("aligned", t => t.AlignedSkips = true, cancel)]),
            ],
            [
                $"first_pass: the pass that looks at the second page first; the first page is looked at in passes 1, 2, 3, 4, 6, 9, 14 and every ninth from there; -: never in {passes} passes",
                "aligned: looks at old pages fall on passes that are multiples of nine (KsmTunables.AlignedSkips); Linux has no such thing",
            ]);
    }

    // The passes in which a page is looked at that never merges (skip_age, mm/ksm.c).
    private static IEnumerable<long> Looks(long first, bool aligned)
    {
        var pass = first;
        foreach (var gap in (int[])[1, 1, 1, 2, 3, 5])
        {
            yield return pass;
            pass += gap;
        }

        while (true)
        {
            yield return pass;
            pass += Period - (aligned ? pass % Period : 0);
        }
    }

    // The first pass that looks at both, when the second page has been seen once: only then is its checksum known to rest.
    private static long? Predict(long first, bool aligned, int passes)
    {
        var end = first + passes;
        var looks = Looks(1, aligned).TakeWhile(p => p < end).ToHashSet();
        return Looks(first, aligned).Skip(1).TakeWhile(p => p < end).Where(looks.Contains).Select(p => (long?)(p - first + 1)).FirstOrDefault();
    }

    private static long? See(int first, bool aligned, int passes)
    {
        using var bench = new StudyBench(2);
        bench.Ksm.Tunables.AlignedSkips = aligned;
        Add(bench, [1]);
        while (bench.Ksm.Counters.FullScans < first - 1)
        {
            bench.Ksm.Pass();
        }

        Add(bench, [1]);
        for (var pass = 1L; pass <= passes; pass++)
        {
            bench.Ksm.Pass();
            if (bench.Ksm.Counters.PagesSharing > 0)
            {
                return pass;
            }
        }

        return null;
    }

    private static IReadOnlyList<object?> Cost(string schedule, Action<KsmTunables> set, CancellationToken cancel)
    {
        using var bench = new StudyBench(Settled * OldPages);
        set(bench.Ksm.Tunables);
        for (var i = 0; i < Settled; i++)
        {
            Add(bench, [.. Enumerable.Range(1 + (i * OldPages), OldPages).Select(n => (long)n)]);
            bench.Ksm.Pass();
        }

        var (before, most) = (bench.Ksm.Counters, 0L);
        for (var pass = 0; pass < 10 * Period; pass++)
        {
            cancel.ThrowIfCancellationRequested();
            var scanned = bench.Ksm.Counters.PagesScanned;
            bench.Ksm.Pass();
            most = Math.Max(most, bench.Ksm.Counters.PagesScanned - scanned);
        }

        var after = bench.Ksm.Counters;
        return [schedule, (long)Settled * OldPages, after.PagesScanned - before.PagesScanned, after.PagesSkipped - before.PagesSkipped, most];
    }

    private static void Add(StudyBench bench, IReadOnlyList<long> contents) =>
        StudyBench.Advise(bench.Start(bench.Machine.Processes.User(0), "p", contents), contents.Count);
}
