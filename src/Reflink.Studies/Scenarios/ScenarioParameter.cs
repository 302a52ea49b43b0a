using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios;

/// <summary>A name whose value differs from run to run.</summary>
/// <param name="Name">The name.</param>
/// <param name="Texts">The values as they were written, such as 64K; a run has one of them.</param>
public sealed record ScenarioParameter(string Name, IReadOnlyList<string> Texts)
{
    /// <summary>What formulas see for a text: 64K is the number 65536.</summary>
    public static object ValueOf(string text) => Formula.Meaning(text);
}
