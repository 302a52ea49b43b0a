using Reflink.Studies.Scenarios.Measures;

namespace Reflink.Studies.Scenarios;

/// <summary>What one run of a study found.</summary>
/// <param name="Plan">Which run.</param>
/// <param name="Failure">Which step or expectation failed, and why; null if all went well.</param>
/// <param name="Values">What was measured at the end and what was recorded, by name: a long, a double, a bool or a text; null where the machine does not keep it.</param>
/// <param name="Samples">What was measured on the way.</param>
/// <param name="Maps">Who had which frame, at the moments that the scenario chose.</param>
/// <param name="Expectations">How many expectations held.</param>
public sealed record RunResult(
    RunPlan Plan, string? Failure, IReadOnlyDictionary<string, object?> Values, IReadOnlyList<SampleRow> Samples, IReadOnlyList<PageMap> Maps, long Expectations)
{
    /// <summary>Rows for the tables of the study, in the order in which they came.</summary>
    public IReadOnlyList<ResultRow> Rows { get; init; } = [];

    /// <summary>Lines to stand below the tables.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
