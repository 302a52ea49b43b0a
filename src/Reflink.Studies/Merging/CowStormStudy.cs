using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Merging;

/// <summary>All merged pages are written at once, as when every guest updates: each write copies, and memory that merging had freed is wanted back.</summary>
public sealed class CowStormStudy : IMergingStudy
{
    /// <inheritdoc/>
    public string Name => "cow-storm";

    /// <inheritdoc/>
    public string Does => "every merged page written at once: memory and time, at the worst moment, with enough memory and with half of it";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("guests", 8, 2, 256, "Guests, all alike"),
        new("pages", 256, 2, 1 << 20, "Pages of each guest"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var all = options["guests"] * options["pages"];
        return new(
            [
                new(
                    $"{options["guests"]} equal guests of {options["pages"]} pages",
                    ["way", "memory", "swap", "frames_before", "frames_after", "peak", "writes", "ms", "ns_a_write", "slowest_ns", "swapped_out", "ended_by"],
                    [
                        Row("not merged", options, isMerged: false, all, 0, cancel), Row("merged", options, isMerged: true, all, 0, cancel),
                        Row("merged, filled twice", options, isMerged: true, all / 2, all, cancel), Row("the same without swap", options, isMerged: true, all / 2, 0, cancel),
                    ]),
            ],
            [
                "guests start one after the other and are merged before the next; then each page of each guest is written once",
                "filled twice: memory for half of the guests, which merging made do for all; swapped_out: pages evicted while they write",
            ])
        {
            Details = ["slowest_ns", "frames_before", "writes", "swapped_out"],
        };
    }

    private static IReadOnlyList<object?> Row(string way, StudyOptions options, bool isMerged, long frames, long swap, CancellationToken cancel)
    {
        var pages = options.Count("pages");
        using var bench = new StudyBench(frames, options["seed"], swap);
        long[] contents = [.. Enumerable.Range(1, pages).Select(n => (long)n)];
        var guests = new List<Process>();
        for (var g = 0; g < options["guests"]; g++)
        {
            cancel.ThrowIfCancellationRequested();
            guests.Add(bench.Start($"guest{g}", contents));
            if (isMerged)
            {
                StudyBench.Advise(guests[^1], pages);
                Scan.UntilSettled(bench.Ksm.Machine);
            }
        }

        var (before, evicted) = (bench.Frames, bench.Machine.Cache.Evictions);
        bench.Machine.Cache.ResetPeak();
        var (writes, time, slowest, end) = Storm(bench, guests, pages, cancel);
        return
        [
            way, (long)bench.Machine.Cache.FrameCount, swap, before, bench.Frames, (long)bench.Machine.Cache.Peak, writes, time / 1_000_000,
            writes == 0 ? null : time / writes, slowest, bench.Machine.Cache.Evictions - evicted, end,
        ];
    }

    private static (long Writes, long Time, long Slowest, string? End) Storm(StudyBench bench, List<Process> guests, int pages, CancellationToken cancel)
    {
        var (writes, time, slowest) = (0L, 0L, 0L);
        foreach (var guest in guests)
        {
            cancel.ThrowIfCancellationRequested();
            for (var page = 0; page < pages; page++)
            {
                try
                {
                    var one = bench.Write(guest, page);
                    (writes, time, slowest) = (writes + 1, time + one, Math.Max(slowest, one));
                }
                catch (ReflinkException e) when (e.Error == Errno.ENOMEM)
                {
                    return (writes, time, slowest, $"{e.Error}");
                }
            }
        }

        return (writes, time, slowest, null);
    }
}
