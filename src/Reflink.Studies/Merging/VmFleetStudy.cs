using Reflink.Ksm;
using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Merging;

/// <summary>Guests that were started from one image: pages of the image, empty ones, and each guest's own; of a tenant each.</summary>
public sealed class VmFleetStudy : IMergingStudy
{
    /// <inheritdoc/>
    public string Name => "vm-fleet";

    /// <inheritdoc/>
    public string Does => "guests with a common image: what each form of merging saves, what it costs, and which tenants it exposes";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("guests", 8, 1, 4096, "Guests, of a tenant each"),
        new("pages", 512, 1, 1 << 20, "Pages of each guest"),
        new("common", 60, 0, 100, "Percent of them that all guests have alike"),
        new("zero", 10, 0, 100, "Percent of them that are empty"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options["common"] + options["zero"] > 100)
        {
            throw new ReflinkException(Errno.EINVAL, $"{options["common"]} percent in common and {options["zero"]} percent empty are more than all pages; take less");
        }

        IReadOnlyList<object?> Row(string way, Action<StudyBench, Process> start, Action<SamepageMerging>? finish = null, Action<KsmTunables>? set = null) =>
            Fleet(options, way, start, finish ?? (_ => { }), set ?? (_ => { }), cancel);

        var pages = options["pages"];
        void Advise(StudyBench bench, Process guest) => StudyBench.Advise(guest, pages);
        void Pass(SamepageMerging ksm) => Scan.UntilSettled(ksm.Machine);
        return new(
            [
                new(
                    $"{options["guests"]} guests of {pages} pages",
                    ["way", "frames", "peak", "saved_pages", "pages_shared", "pages_sharing", "ksm_zero_pages", "stable_node_dups", "general_profit", "pages_scanned", "ms", "pairs_exposed"],
                    [
                        Row("not merged", (_, _) => { }),
                        Row("ksm", Advise, Pass),
                        Row("ksm, use_zero_pages", Advise, Pass, t => t.UseZeroPages = true),
                        Row("on request", (bench, guest) => bench.Ksm.Merge(guest, guest, StudyBench.Base, pages << Page.Shift)),
                        Row("partition a guest", (bench, guest) => bench.MergeWithin(guest.Name, guest, pages)),
                    ]),
            ],
            [
                "peak: the most frames in use at any time; on request a guest is merged as soon as it has started, ksm comes when all have",
                "ms: simulated time that merging took, of ksmd or of those who asked; pairs_exposed: of tenants who share a frame, frame by frame",
            ])
        {
            Details = ["stable_node_dups", "pages_scanned", "ksm_zero_pages", "general_profit", "pages_shared", "pages_sharing"],
        };
    }

    private static IReadOnlyList<object?> Fleet(
        StudyOptions options, string way, Action<StudyBench, Process> start, Action<SamepageMerging> finish, Action<KsmTunables> set, CancellationToken cancel)
    {
        var (guests, pages) = (options.Count("guests"), options.Count("pages"));
        var (common, zero) = (pages * options["common"] / 100, pages * options["zero"] / 100);
        using var bench = new StudyBench((long)guests * pages, options["seed"]);
        set(bench.Ksm.Tunables);
        var time = 0L;
        void Time(Action work)
        {
            cancel.ThrowIfCancellationRequested();
            var before = bench.Machine.Clock.Now;
            work();
            time += bench.Machine.Clock.Now - before;
        }

        for (var g = 0L; g < guests; g++)
        {
            var contents = Enumerable.Range(0, pages).Select(p =>
                p < common ? 1 + p : p < common + zero ? StudyBench.Empty : 1 + p + ((1 + g) * pages));
            var guest = bench.Start($"guest{g}", [.. contents]);
            Time(() => start(bench, guest));
        }

        Time(() => finish(bench.Ksm));
        var ksm = bench.Ksm;
        var all = ((IEnumerable<MergePartition>)[ksm.Machine, ksm.Requested, .. ksm.Partitions]).Select(p => p.Counters).ToList();
        return
        [
            way, bench.Frames, (long)bench.Machine.Cache.Peak, ((long)guests * pages) - bench.Frames, all.Sum(c => c.PagesShared), all.Sum(c => c.PagesSharing),
            all.Sum(c => c.ZeroPages), all.Sum(c => c.StableNodeDups), all.Sum(c => c.GeneralProfit),
            bench.Machine.Meter.Total(WorkKind.PageScanned), time / 1_000_000, ksm.Exposure().Pairs,
        ];
    }
}
