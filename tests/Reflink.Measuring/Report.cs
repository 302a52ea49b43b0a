namespace Reflink.Measuring;

/// <summary>What a command found.</summary>
/// <param name="Command">Its name.</param>
/// <param name="Rounds">How many rounds counted.</param>
/// <param name="Standings">Every contestant.</param>
/// <param name="Claims">The figures asked.</param>
public sealed record Report(string Command, int Rounds, IReadOnlyList<Standing> Standings, IReadOnlyList<Claim> Claims)
{
    /// <summary>Lines about what was measured on, such as the extents that a peer really had.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public Verdict Verdict => Verdict.Of(Standings, Claims);
}
