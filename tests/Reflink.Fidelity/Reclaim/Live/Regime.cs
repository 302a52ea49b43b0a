namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>
/// Runs that agree with each other. Now and then something delays or takes away the accessed bits of a run, so that its reclaim takes
/// another course: such runs say nothing about the kernel's rules.
/// </summary>
/// <param name="Members">The numbers of the runs that agree, from 0.</param>
/// <param name="Share">How much any two of them agree at least, from 0 to 1: what was asked for.</param>
public sealed record Regime(IReadOnlyList<int> Members, double Share)
{
    /// <summary>How many runs must agree.</summary>
    public const int Wanted = 3;

    /// <summary>How much they must agree.</summary>
    public const double Strict = 0.999;

    /// <summary>How much is enough if there are not enough runs that agree so much.</summary>
    public const double Loose = 0.995;

    /// <summary>The share of accesses that find their page, or find it not, in both runs.</summary>
    public static double Agreement(byte[] a, byte[] b) => (double)a.Zip(b).Count(pair => (pair.First == 0) == (pair.Second == 0)) / a.Length;

    /// <summary>The largest set of runs of which any two agree that much; of several the first.</summary>
    public static Regime Largest(IReadOnlyList<byte[]> runs, double share)
    {
        var agree = runs.Select(a => runs.Select(b => Agreement(a, b) >= share).ToArray()).ToArray();
        var best = new List<int>();
        Extend([], 0);
        return new Regime(best, share);

        void Extend(List<int> members, int next)
        {
            best = members.Count > best.Count ? members : best;
            for (var run = next; run < runs.Count; run++)
            {
                if (members.TrueForAll(member => agree[member][run]))
                {
                    Extend([.. members, run], run + 1);
                }
            }
        }
    }
}
