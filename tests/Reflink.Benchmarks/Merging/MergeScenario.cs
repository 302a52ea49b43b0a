using Reflink.Measuring;

namespace Reflink.Benchmarks.Merging;

/// <summary>
/// Memory of one layout and size, filled anew for each round on both sides, and the three passes over it. A round's figures are
/// measured together, for a pass needs those before it; its contestants take them from here one by one.
/// </summary>
internal sealed class MergeScenario(string name, PageLayout layout, int pages, LiveKsm? live)
{
    public const string Ksmd = "ksmd";
    public const string PlainHash = "XxHash3";

    // ksmd leaves a page to the next pass that somebody refers to just when its turn comes.
    private const int Busy = 16;
    private static readonly int s_passes = Enum.GetValues<MergePass>().Length;
    private readonly List<MergeFigures[]> _rounds = [];

    public int Pages => pages;

    /// <summary>The most bytes that were kept a page.</summary>
    public double MetadataBytes { get; private set; }

    public string Discipline(MergePass pass) => $"{pass.ToString().ToLowerInvariant()} pass, {name}";

    /// <summary>Those who take part; ksmd only where that is wanted.</summary>
    public IEnumerable<Contestant> Contestants(string? noKsmd) => Enum.GetValues<MergePass>().SelectMany(pass => (Contestant?[])
    [
        From(pass, Contestant.Ours, (f, lap) => lap.Add(f.Ours, pages, f.Allocated)),
        From(pass, PlainHash, (f, lap) => lap.Add(f.Hash, pages)),
        live is not null ? From(pass, Ksmd, (f, lap) => lap.Add(f.Live, pages))
            : noKsmd is not null ? Contestant.Absent(Discipline(pass), Ksmd, noKsmd) : null,
    ]).OfType<Contestant>();

    private Contestant From(MergePass pass, string who, Action<MergeFigures, Lap> take)
    {
        var taken = 0;
        return new(Discipline(pass), who, lap =>
        {
            if (taken == _rounds.Count)
            {
                _rounds.Add(Measure());
            }

            take(_rounds[taken++][(int)pass], lap);
        }) { WarmUps = 1 };
    }

    private MergeFigures[] Measure()
    {
        var theirs = live is null ? null : MeasureLive(live);
        using var machine = new MergedMachine(layout, pages);
        var figures = new MergeFigures[s_passes];
        for (var pass = 0; pass < s_passes; pass++)
        {
            machine.Locate();
            var hash = Time(machine.Hash);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var ours = Time(machine.Pass);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            figures[pass] = new(ours, allocated, hash, theirs?[pass].Time ?? 0);
            MetadataBytes = Math.Max(MetadataBytes, (double)machine.MetadataBytes / pages);
            if (theirs is not null && !AreClose(theirs[pass].Counts, machine.Counts))
            {
                throw new InvalidOperationException($"{Discipline((MergePass)pass)}: ksmd counts {theirs[pass].Counts}, ours {machine.Counts}");
            }
        }

        return figures;
    }

    private (long Time, (long, long, long, long) Counts)[] MeasureLive(LiveKsm ksmd)
    {
        var figures = new (long, (long, long, long, long))[s_passes];
        using (new MergeProcess(layout, pages))
        {
            for (var pass = 0; pass < s_passes; pass++)
            {
                figures[pass] = (ksmd.Pass(), LiveKsm.Counts);
            }
        }

        // What the kernel remembers of a process that is gone, it forgets when it comes by.
        ksmd.Pass();
        return figures;
    }

    private static bool AreClose((long, long, long, long) one, (long, long, long, long) two) =>
        Math.Abs(one.Item1 - two.Item1) <= Busy && Math.Abs(one.Item2 - two.Item2) <= Busy
        && Math.Abs(one.Item3 - two.Item3) <= Busy && Math.Abs(one.Item4 - two.Item4) <= Busy;

    private static long Time(Action act)
    {
        var before = Native.ThreadTime();
        act();
        return Native.ThreadTime() - before;
    }
}
