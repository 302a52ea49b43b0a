using Reflink.Ksm.Controls;
using Reflink.Ksm.Partitions;
using Reflink.Ksm.Reporting;
using Reflink.Ksm.Scanning;
using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Studies.Merging;

/// <summary>
/// An attacker who guesses a page of a victim by timing writes: it has one page of each content that the victim's may have, waits,
/// and writes to each once. A merged page copies, so that its write takes a hundred times as long (CAIN, WOOT 2015).
/// </summary>
public sealed class AttackStudy : IMergingStudy
{
    private const long Control = 1_000_000;

    /// <inheritdoc/>
    public string Name => "attacker";

    /// <inheritdoc/>
    public string Does => "an attacker guesses a victim's page by the time that its own writes take, under every form of merging and with defences";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("guesses", 16, 1, 1 << 16, "Contents that the victim's page may have"),
        new("passes", 14, 1, 1000, "Passes of a scanner that the attacker waits for at the most"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var setup = new Setup(options.Count("guesses"), options.Count("passes"), options["seed"], cancel);
        return new(
            [
                new(
                    $"one secret page, {setup.Guesses} guesses",
                    ["form", "told", "right", "passes", "guess_ns", "other_ns", "exposed_frames", "pairs_exposed", "surviving_frame"],
                    [
                        Scanned(setup, "classic, smart scan", _ => { }),
                        Scanned(setup, "classic, every page each pass", t => t.SmartScan = false),
                        Scanned(setup, "classic, fake merging", t => t.FakeMerging = true),
                        Scanned(setup, "classic, fresh survivor", t => t.FreshSurvivor = true),
                        Scanned(setup, "classic, a partition a user", _ => { }, byUser: true),
                        Asked(setup, "on request", byUser: false, MergeFlags.Lazy),
                        Asked(setup, "on request, protecting", byUser: false, MergeFlags.None),
                        Asked(setup, "on request, a partition a user", byUser: true, MergeFlags.Lazy),
                    ]),
            ],
            [
                "told: guesses that the attacker believes in, those whose write took longer than that to a page of its own making; right: one, and the secret",
                "passes: how many it waited for; surviving_frame: whose page's frame the merged page is in, which decides who may choose where in memory the other's bytes lie",
                "a page that is protected though nobody shares it takes as long to write as one that is shared, and tells nothing",
            ])
        {
            Details = ["exposed_frames", "other_ns", "told"],
        };
    }

    private static IReadOnlyList<object?> Scanned(Setup setup, string form, Action<KsmTunables> tune, bool byUser = false)
    {
        for (var passes = 1; ; passes++)
        {
            using var scene = new Scene(setup);
            scene.Tune(tune, byUser);
            var before = (scene.FrameOf(scene.Victim, 0), scene.FrameOf(scene.Attacker, setup.Secret));
            scene.Pass(passes, byUser);
            var exposed = scene.Bench.Ksm.Exposure();
            var survivor = scene.Survivor(before);
            var (told, guess, other) = scene.Probe();
            if (told.Count > 0 || passes == setup.MostPasses)
            {
                return Row(form, setup, told, told.Count > 0 ? passes : null, guess, other, exposed, survivor);
            }
        }
    }

    private static IReadOnlyList<object?> Asked(Setup setup, string form, bool byUser, MergeFlags flags)
    {
        using var scene = new Scene(setup);
        var before = (scene.FrameOf(scene.Victim, 0), scene.FrameOf(scene.Attacker, setup.Secret));
        scene.Ask(byUser, flags);
        var exposed = scene.Bench.Ksm.Exposure();
        var survivor = scene.Survivor(before);
        var (told, guess, other) = scene.Probe();
        return Row(form, setup, told, told.Count > 0 ? 0 : null, guess, other, exposed, survivor);
    }

    private static IReadOnlyList<object?> Row(
        string form, Setup setup, List<int> told, long? passes, long guess, long other, in MergeExposure exposed, string survivor) =>
    [
        form, (long)told.Count, told is [var only] && only == setup.Secret ? "yes" : "no", passes, guess, other, exposed.Frames, exposed.Pairs, survivor,
    ];

    private sealed record Setup(int Guesses, int MostPasses, long Seed, CancellationToken Cancel)
    {
        public int Secret => (int)((ulong)Seed * 0x9E3779B97F4A7C15UL >> 33) % Guesses;
    }

    // Page n of the attacker is guess n; behind the guesses lies a page that nobody else can have. The victim has the secret alone.
    private sealed class Scene : IDisposable
    {
        private readonly Setup _setup;

        public Scene(Setup setup)
        {
            setup.Cancel.ThrowIfCancellationRequested();
            _setup = setup;
            Bench = new StudyBench((2L * setup.Guesses) + 8, setup.Seed);
            Victim = Bench.Start("victim", [1L + setup.Secret]);
            Attacker = Bench.Start("attacker", [.. Enumerable.Range(1, setup.Guesses).Select(n => (long)n), Control]);
        }

        public StudyBench Bench { get; }

        public Process Victim { get; }

        public Process Attacker { get; }

        public void Dispose() => Bench.Dispose();

        public void Tune(Action<KsmTunables> tune, bool byUser)
        {
            foreach (var (process, pages) in Both())
            {
                if (byUser)
                {
                    using var own = Bench.Ksm.Open(process.User.Name, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create);
                    own.Merge(process, StudyBench.Base, pages << Page.Shift);
                    tune(own.Partition.Tunables);
                }
                else
                {
                    tune(Bench.Ksm.Tunables);
                    StudyBench.Advise(process, pages);
                }
            }
        }

        public void Pass(int passes, bool byUser)
        {
            foreach (var partition in byUser ? Bench.Ksm.Partitions : [Bench.Ksm.Machine])
            {
                for (var n = 0; n < passes; n++)
                {
                    partition.Pass();
                }
            }
        }

        public void Ask(bool byUser, MergeFlags flags)
        {
            foreach (var (process, pages) in Both())
            {
                if (byUser)
                {
                    using var own = Bench.Ksm.Open(process.User.Name, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous, by: process);
                    own.Merge(process, StudyBench.Base, pages << Page.Shift, flags);
                }
                else
                {
                    Bench.Ksm.Merge(process, process, StudyBench.Base, pages << Page.Shift, flags);
                }
            }
        }

        // What took longer to write than the page that nobody has.
        public (List<int> Told, long Guess, long Other) Probe()
        {
            var other = Bench.Write(Attacker, _setup.Guesses);
            var told = new List<int>();
            var secret = 0L;
            for (var n = 0; n < _setup.Guesses; n++)
            {
                var time = Bench.Write(Attacker, n);
                if (time > other)
                {
                    told.Add(n);
                }

                secret = n == _setup.Secret ? time : secret;
            }

            return (told, secret, other);
        }

        public FrameNumber? FrameOf(Process process, long page)
        {
            var vma = process.Memory.Find(StudyBench.At(page))!;
            foreach (var (at, frame) in new FrameCensus(Bench.Machine).Pages(process, vma))
            {
                if (at == VirtualPage.Of(StudyBench.At(page)))
                {
                    return frame;
                }
            }

            return null;
        }

        public string Survivor((FrameNumber? Victim, FrameNumber? Attacker) before)
        {
            var (victim, attacker) = (FrameOf(Victim, 0), FrameOf(Attacker, _setup.Secret));
            return victim is null || victim != attacker ? "not merged"
                : victim == before.Victim ? "the victim's" : victim == before.Attacker ? "the attacker's" : "neither's";
        }

        private (Process Process, long Pages)[] Both() => [(Victim, 1L), (Attacker, _setup.Guesses + 1L)];
    }
}
