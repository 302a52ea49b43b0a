using System.Globalization;

namespace Reflink.Fidelity.Reclaim;

/// <summary>How well model and kernel agree on a trace; all in per cent or points.</summary>
/// <param name="Suite">How it was recorded.</param>
/// <param name="Trace">The trace's name.</param>
/// <param name="Repetitions">How many runs of the kernel there are.</param>
/// <param name="Agreement">Accesses that are a hit, or no hit, for model and kernel alike: the mean over the runs.</param>
/// <param name="KernelAgreement">The same of two runs of the kernel: the mean over pairs; null where there is one run.</param>
/// <param name="ClassAgreement">Accesses on which model and kernel agree of what kind a miss is, too.</param>
/// <param name="MissRatio">The model's misses an access.</param>
/// <param name="KernelMissRatio">The kernel's: the mean over the runs.</param>
/// <param name="KernelSpread">The kernel's largest less its smallest.</param>
public sealed record ReclaimFigures(
    ReclaimSuite Suite, string Trace, int Repetitions, double Agreement, double? KernelAgreement, double ClassAgreement,
    double MissRatio, double KernelMissRatio, double KernelSpread)
{
    /// <summary>How far the model agrees less with the kernel than the kernel with itself.</summary>
    public double? Shortfall => KernelAgreement - Agreement;

    /// <summary>The model's miss ratio less the kernel's.</summary>
    public double Error => MissRatio - KernelMissRatio;

    /// <summary>A difference with its sign; what rounds to nothing has none.</summary>
    public static string Signed(double difference) => (Math.Round(difference, 3) + 0.0).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture);

    /// <summary>How far the miss ratio may be off.</summary>
    public double ErrorLimit => Math.Max(Suite.MissRatioError, KernelSpread);

    /// <summary>Compares a replay with the recordings.</summary>
    public static ReclaimFigures Of(ReclaimRun run, byte[] model)
    {
        var kernel = run.Kernel;
        var pairs = kernel.SelectMany((a, n) => kernel.Take(n).Select(b => Hits(a, b))).ToList();
        var ratios = kernel.Select(Misses).ToList();
        return new ReclaimFigures(
            run.Suite, run.Trace, kernel.Count, kernel.Average(k => Hits(model, k)), pairs.Count == 0 ? null : pairs.Average(),
            kernel.Average(k => Share(model, k, (a, b) => a == b)), Misses(model), ratios.Average(), ratios.Max() - ratios.Min());
    }

    private static double Hits(byte[] a, byte[] b) => Share(a, b, (x, y) => (x == 0) == (y == 0));

    private static double Misses(byte[] outcomes) => 100.0 * outcomes.Count(o => o != 0) / outcomes.Length;

    private static double Share(byte[] a, byte[] b, Func<byte, byte, bool> agree) =>
        100.0 * a.Zip(b).Count(pair => agree(pair.First, pair.Second)) / a.Length;
}
