namespace Reflink.Measuring;

/// <summary>The last line of a command, and its exit code: 0 only if everything was measured and every figure holds.</summary>
public sealed record Verdict(string Line, int ExitCode)
{
    /// <summary>Judges: what is missing makes it incomplete, whatever else holds; what was measured and falls short is always named.</summary>
    public static Verdict Of(IEnumerable<Standing> standings, IReadOnlyCollection<Claim> claims)
    {
        var missing = standings.Where(s => s.Times is null).GroupBy(s => (s.Contestant.Name, s.Contestant.Skipped))
            .Select(g => $"{g.Key.Name} in {string.Join(" and ", g.Select(s => s.Contestant.Discipline))}: {g.Key.Skipped}")
            .Concat(claims.Where(c => c.Measured is null).Select(c => $"{c.What}: not measured")).ToList();
        var weak = claims.Where(c => c.Measured is not null && !c.Holds).Select(c => c.ToString()).ToList();
        var fallsShort = "falls short: " + string.Join("; ", weak);
        if (missing.Count > 0)
        {
            return new("incomplete: " + string.Join("; ", missing) + (weak.Count > 0 ? "; " + fallsShort : ""), 1);
        }

        return weak.Count > 0
            ? new(fallsShort, 1)
            : new("holds: " + string.Join("; ", claims.Select(c => c.ToString())), 0);
    }
}
