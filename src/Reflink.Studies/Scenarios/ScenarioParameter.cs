using System.Globalization;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios;

/// <summary>A name whose value differs from run to run.</summary>
/// <param name="Name">The name.</param>
/// <param name="Texts">The values as they were written, such as 64K; a run has one of them.</param>
public sealed record ScenarioParameter(string Name, IReadOnlyList<string> Texts)
{
    /// <summary>What it means, for readers.</summary>
    public string About { get; init; } = "";

    /// <summary>The least and the most that make sense; null if any value does.</summary>
    public (long Least, long Most)? Bounds { get; init; }

    /// <summary>What formulas see for a text: 64K is the number 65536.</summary>
    public static object ValueOf(string text) => Formula.Meaning(text);

    /// <summary>Why a value cannot be; null if it can.</summary>
    internal string? Problem(string text) => Bounds is not var (least, most) || (Formula.Meaning(text) is long number && number >= least && number <= most) ? null
        : string.Create(CultureInfo.InvariantCulture, $"{Name} takes a whole number from {least} to {most}, not '{text}'");
}
