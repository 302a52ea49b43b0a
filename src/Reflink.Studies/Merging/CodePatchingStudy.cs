using Reflink.Ksm.Controls;
using Reflink.Patching;
using Reflink.Units;

namespace Reflink.Studies.Merging;

/// <summary>
/// The same code patched in many processes, and merged: how much memory it takes until then, and how long. What a live kernel
/// took for two such sets is shown beside it (src/Reflink/Machines/COSTS.md, Samepage merging: libjvm in 50 processes, Linux 6.18).
/// </summary>
public sealed class CodePatchingStudy : IMergingStudy
{
    /// <inheritdoc/>
    public string Name => "code-patching";

    /// <inheritdoc/>
    public string Does => "peak memory and time until patched code is merged: ksmd as set at first, set fast, and on request";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("pages", 2992, 1, 1 << 20, "Patched pages of each process"),
        new("processes", 50, 2, 4096, "Processes that are patched"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            [
                new(
                    $"{options["pages"]} pages in {options["processes"]} processes",
                    [
                        "way", "peak", "frames", "saved_pages", "first_merge_ms", "last_merge_ms", "daemon_ms", "caller_ms", "pages_scanned", "live_last_merge_ms",
                        "live_daemon_ms",
                    ],
                    [Scanned(options, 100, 20, cancel), Scanned(options, 20_000, 0, cancel), Requested(options, cancel)]),
            ],
            [
                "peak, frames: in use, the file's own included; ms of simulated time since all processes were patched; on request each process merges its own pages as soon as it is patched, and pays",
                "live: the same on Linux 6.18, where it was measured (50 processes; 2,992 or 63 pages); a sleep of 20 ms takes about 25 there, here 20",
            ])
        {
            Details = ["pages_scanned", "first_merge_ms", "live_daemon_ms", "frames"],
        };
    }

    private static IReadOnlyList<object?> Scanned(StudyOptions options, uint pagesToScan, uint sleep, CancellationToken cancel)
    {
        using var bench = new StudyBench(Frames(options), options["seed"]);
        var ksm = bench.Ksm;
        (ksm.Tunables.PagesToScan, ksm.Tunables.SleepMilliseconds) = (pagesToScan, sleep);
        var caller = Patch(bench, options, Advice.Mergeable, cancel);
        var start = bench.Machine.Clock.Now;
        ksm.Run = KsmRun.Merge;
        var (first, last, sharing) = (default(long?), default(long?), 0L);
        while (ksm.NextWake is { } wake && ksm.Counters is var now && (now.FullScans < 2 || now.PagesVolatile > 0) && now.FullScans < 4)
        {
            cancel.ThrowIfCancellationRequested();
            bench.Machine.Wait(TimeSpan.FromTicks((Math.Max(0, wake - bench.Machine.Clock.Now) + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick));
            if (ksm.Counters.PagesSharing != sharing)
            {
                (sharing, last) = (ksm.Counters.PagesSharing, bench.Machine.Clock.Now);
                first ??= last;
            }
        }

        var live = Live(options["pages"], options["processes"], isFast: sleep == 0);
        return Row(
            $"ksmd, {pagesToScan} pages in {sleep} ms", bench, sharing, (first - start) / 1_000_000, (last - start) / 1_000_000,
            bench.Machine.TimeOf(ksm.Account) / 1_000_000, caller, live);
    }

    private static IReadOnlyList<object?> Requested(StudyOptions options, CancellationToken cancel)
    {
        using var bench = new StudyBench(Frames(options), options["seed"]);
        var caller = Patch(bench, options, Advice.Merge, cancel);
        return Row("on request", bench, bench.Ksm.Requested.Counters.PagesSharing, 0L, 0L, 0L, caller, (null, null));
    }

    private static IReadOnlyList<object?> Row(
        string way, StudyBench bench, long saved, long? first, long? last, long daemon, long caller, (string? Last, string? Daemon) live) =>
    [
        way, (long)bench.Machine.Cache.Peak, bench.Frames, saved, first, last, daemon, caller / 1_000_000, bench.Machine.Meter.Total(WorkKind.PageScanned),
        live.Last, live.Daemon,
    ];

    // Measured, not computed: src/Reflink/Machines/COSTS.md, Samepage merging, in milliseconds.
    private static (string? Last, string? Daemon) Live(long pages, long processes, bool isFast) => (pages, processes, isFast) switch
    {
        (2992, 50, false) => ("76300", "1030"),
        (2992, 50, true) => ("770-880", "770-870"),
        (63, 50, false) => ("1500-1700", "35"),
        (63, 50, true) => ("29-63", "25-34"),
        _ => (null, null),
    };

    private static long Frames(StudyOptions options) => options["pages"] * (options["processes"] + 1);

    // Returns the time that the processes took from the first patch on.
    private static long Patch(StudyBench bench, StudyOptions options, Advice advice, CancellationToken cancel)
    {
        var set = MakeText(bench, options["pages"]);
        using var text = bench.Machine.Volume.Open("/text");
        var processes = Enumerable.Range(0, options.Count("processes")).Select(i =>
        {
            cancel.ThrowIfCancellationRequested();
            var process = bench.Machine.Processes.Spawn(bench.Machine.Processes.User(0), "patched");
            process.Memory.Map(text, 0, text.Size, Protection.ReadExecute, address: StudyBench.Base);
            return process;
        }).ToList();
        var before = bench.Machine.Clock.Now;
        foreach (var process in processes)
        {
            cancel.ThrowIfCancellationRequested();
            PrivatePatch.Apply(process, StudyBench.Base, set);
            process.Madvise(StudyBench.Base, text.Size, advice);
        }

        return bench.Machine.Clock.Now - before;
    }

    private static PatchSet MakeText(StudyBench bench, long pages)
    {
        using var text = bench.Machine.Volume.Create("/text");
        var builder = new PatchSetBuilder();
        for (var page = 0L; page < pages; page++)
        {
            var bytes = bench.Fill(1 + page);
            text.Write(page << Page.Shift, bytes);
            var old = bytes[(int)(page % Page.Size)];
            builder.Add((page << Page.Shift) + (page % Page.Size), [old], [(byte)(old ^ 0xff)]);
        }

        return builder.Build();
    }
}
