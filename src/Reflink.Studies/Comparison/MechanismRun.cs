namespace Reflink.Studies.Comparison;

/// <summary>
/// Takes one mechanism through all phases on one machine. After each phase but the last every process loads all of its text,
/// and what it loads is compared with a flat copy.
/// </summary>
internal sealed class MechanismRun(
    Bench bench, IMechanism mechanism, bool isTight, IProgress<ComparisonProgress>? progress, CancellationToken cancel)
{
    // Small enough to stay in the CPU's own cache.
    private readonly byte[] _loaded = new byte[16 * Page.Size];
    private readonly byte[] _expected = new byte[16 * Page.Size];

    // Every process starts, is patched and reverted, loads its memory three times, and exits; profiles are prepared and discarded;
    // daemons come once.
    private readonly int _total = (7 * bench.Plan.Processes) + (2 * bench.Plan.Profiles.Count) + 1;
    private int _done;

    /// <summary>Bytes that were loaded and found equal.</summary>
    public long ComparedBytes { get; private set; }

    public MechanismFigures? Run()
    {
        // With little memory what is in frames says nothing about the mechanism.
        var figures = isTight ? null : new FigureTaker(bench);
        ForEach(ComparisonPhase.Mapped, bench.Start(mechanism));
        Compare(ComparisonPhase.Mapped, changed: false);
        figures?.Mapped();

        ForEachProfile(ComparisonPhase.Patched, mechanism.Prepare);
        ForEach(ComparisonPhase.Patched, bench.Processes.Select(p => (Action)(() => mechanism.Apply(bench, p))));
        ForEach(ComparisonPhase.Patched, [() => mechanism.Settle(bench)]);
        Compare(ComparisonPhase.Patched, changed: true);
        figures?.Patched(mechanism);

        ForEach(ComparisonPhase.Reverted, bench.Processes.Select(p => (Action)(() => mechanism.Revert(bench, p))));
        ForEachProfile(ComparisonPhase.Reverted, mechanism.Discard);
        Compare(ComparisonPhase.Reverted, changed: false);
        figures?.Reverted();

        ForEach(ComparisonPhase.Exited, bench.Processes.Select(p => (Action)p.Process.Exit));
        bench.Machine.Settle();
        return figures?.Exited();
    }

    private void ForEachProfile(ComparisonPhase phase, Action<Bench, PatchProfile> work) => ForEach(
        phase, bench.Plan.Profiles.Select(profile => (Action)(() =>
        {
            using var _ = bench.Machine.Meter.As(bench.Tool.Account);
            work(bench, profile);
        })));

    private void ForEach(ComparisonPhase phase, IEnumerable<Action> steps)
    {
        foreach (var step in steps)
        {
            cancel.ThrowIfCancellationRequested();
            step();
            progress?.Report(new ComparisonProgress(mechanism.Name, isTight, phase, ++_done, _total));
        }
    }

    private void Compare(ComparisonPhase phase, bool changed) => ForEach(
        phase, bench.Regions.GroupBy(r => r.Process).Select(own => (Action)(() =>
        {
            foreach (var region in own)
            {
                Compare(phase, region, changed);
            }
        })));

    private void Compare(ComparisonPhase phase, Region region, bool changed)
    {
        for (var at = 0L; at < region.Bytes.Length; at += _loaded.Length)
        {
            var length = (int)Math.Min(_loaded.Length, region.Bytes.Length - at);
            var loaded = _loaded.AsSpan(0, length);
            var expected = _expected.AsSpan(0, length);
            region.Bytes.Show(at, expected, changed);
            region.Process.Memory.Load(region.Address + at, loaded);
            var equal = loaded.CommonPrefixLength(expected);
            if (equal < length)
            {
                var what = $"{mechanism.Name}, {(isTight ? "a quarter of the" : "ample")} memory, {phase}";
                throw new MismatchException(what, region, region.Bytes.Pages.Start.Offset + at + equal, loaded[equal], expected[equal]);
            }
        }

        ComparedBytes += region.Bytes.Length;
    }
}
