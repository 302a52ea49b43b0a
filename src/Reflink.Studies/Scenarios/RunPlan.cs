namespace Reflink.Studies.Scenarios;

/// <summary>One run of a study.</summary>
/// <param name="Parameters">The value of each parameter, as it was written.</param>
/// <param name="Seed">What random choices are drawn with.</param>
/// <param name="Id">A hash of all that the result depends on: the scenario, these values, the seed and the version of this program.</param>
public sealed record RunPlan(IReadOnlyList<KeyValuePair<string, string>> Parameters, long Seed, string Id)
{
    /// <summary>The values in one line: <c>memory 64K, seed 1</c>.</summary>
    public override string ToString() => string.Join(", ", Parameters.Select(p => $"{p.Key} {p.Value}").Append($"seed {Seed}"));
}
