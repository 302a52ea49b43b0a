using Reflink.Units;

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

    // Every text is mapped, and loaded three times; those with patches are patched and reverted; every process exits.
    private readonly int _total = bench.Plan.Processes
        * ((4 * bench.Plan.Texts.Count) + (2 * bench.Plan.Texts.Count(t => t.Patches.Count > 0)) + 1);
    private int _done;

    /// <summary>Bytes that were loaded and found equal.</summary>
    public long ComparedBytes { get; private set; }

    public MechanismFigures? Run()
    {
        // With little memory what is in frames says nothing about the mechanism.
        var figures = isTight ? null : new FigureTaker(bench);
        ForEach(ComparisonPhase.Mapped, bench.Start());
        Compare(ComparisonPhase.Mapped, t => t.Original);
        figures?.Mapped();

        using (bench.Machine.Meter.As(bench.Tool))
        {
            mechanism.Prepare(bench);
        }

        ForEach(ComparisonPhase.Patched, bench.Mappings.Where(IsPatched).Select(m => (Action)(() => mechanism.Apply(bench, m))));
        Compare(ComparisonPhase.Patched, t => t.Patched);
        figures?.Patched(mechanism);

        ForEach(ComparisonPhase.Reverted, bench.Mappings.Where(IsPatched).Select(m => (Action)(() => mechanism.Revert(bench, m))));
        Compare(ComparisonPhase.Reverted, t => t.Original);
        figures?.Reverted();

        ForEach(ComparisonPhase.Exited, bench.Machine.Processes.Alive.ToList().Select(p => (Action)p.Exit));
        bench.Machine.Settle();
        return figures?.Exited();
    }

    private static bool IsPatched(TextMapping mapping) => mapping.Text.Patches.Count > 0;

    private void ForEach(ComparisonPhase phase, IEnumerable<Action> steps)
    {
        foreach (var step in steps)
        {
            cancel.ThrowIfCancellationRequested();
            step();
            progress?.Report(new ComparisonProgress(mechanism.Name, isTight, phase, ++_done, _total));
        }
    }

    private void Compare(ComparisonPhase phase, Func<TextImage, byte[]> flat) => ForEach(
        phase, bench.Mappings.Select(m => (Action)(() => Compare(phase, m, flat(m.Text)))));

    private void Compare(ComparisonPhase phase, TextMapping mapping, byte[] flat)
    {
        for (var at = 0; at < flat.Length; at += _loaded.Length)
        {
            var expected = flat.AsSpan(at, Math.Min(_loaded.Length, flat.Length - at));
            var loaded = _loaded.AsSpan(0, expected.Length);
            mapping.Process.Memory.Load(mapping.Address + at, loaded);
            var equal = loaded.CommonPrefixLength(expected);
            if (equal < expected.Length)
            {
                var what = $"{mechanism.Name}, {(isTight ? "a quarter of the" : "ample")} memory, {phase}";
                throw new MismatchException(
                    what, mapping, mapping.Text.Pages.Start.Offset + at + equal, loaded[equal], expected[equal]);
            }
        }

        ComparedBytes += flat.Length;
    }
}
