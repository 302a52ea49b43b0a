namespace Reflink.Studies.Scenarios.Measures;

/// <summary>A table that a study's runs add rows to.</summary>
/// <param name="Name">What steps call it.</param>
/// <param name="Columns">Its columns, in the order of the file.</param>
/// <param name="Details">Columns that a narrow terminal can do without, the least needed first.</param>
public sealed record ScenarioTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<string> Details)
{
    internal Text.Template? Title { get; init; }
}
