using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Tests.Installing;

/// <summary>All that a run found, as lines. The program that runs printed studies is compiled with this file, too.</summary>
public static class FoundText
{
    /// <summary>The lines.</summary>
    public static string Of(RunResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return string.Concat(Lines(result).Select(line => line + "\n"));
    }

    private static IEnumerable<string> Lines(RunResult result) =>
    [
        $"{result.Expectations} expectations held, failure: {result.Failure}",
        .. result.Values.Select(value => $"{value.Key} = {Shown(value.Value)}"),
        .. result.Samples.Select(sample => $"at {sample.Time} '{sample.Label}': {string.Join(", ", sample.Values.Select(value => Shown(value)))}"),
        .. result.Rows.Select(row => $"{row.Table}: {string.Join(", ", row.Cells.Select(cell => $"{cell.Key} {Shown(cell.Value)}"))}"),
        .. result.Notes.Select(note => $"note: {note}"),
        .. result.Maps.Select(map => $"map '{map.Label}' at {map.Time} of {map.MemoryFrames}: {string.Join("; ", map.Files)}; {string.Join("; ", map.Runs.Select(run => $"{run.Count} {run.Kind}"))}"),
    ];

    private static string Shown(object? value) => $"{value?.GetType().Name} {value}";
}
