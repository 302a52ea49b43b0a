using System.CommandLine;
using System.Globalization;
using Reflink.Cli.Reporting;
using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Studying;

/// <summary>The end of a sweep, wherever it ran.</summary>
internal static class SweepEnd
{
    /// <summary>Writes the report, prints what the sweep came to, and says which runs failed.</summary>
    public static int Tell(ParseResult line, ReportOptions options, StudyFolder folder, SweepSummary summary)
    {
        if (!folder.IsReadOnly)
        {
            Studies.Reporting.StudyReport.Write(folder, summary.Table.Scenario);
        }

        options.Write(line, () => SweepReport.Text(folder, summary).Note(folder.IsReadOnly ? $"'{folder.Path}' cannot be written, so its tables and its report are as they were; 'reflink report {folder.Path} --out FILE' writes a report elsewhere" : ""), () => SweepReport.Json(folder, summary), summary.Table.Csv);
        if (summary.Failures.Count > 0)
        {
            var few = summary.Failures.Take(3).Select(f => $"{f.Run}: {f.Failure}");
            var more = summary.Failures.Count > 3 ? [$"and {summary.Failures.Count - 3} more, in runs/*.json under \"failure\""] : (string[])[];
            return Failures.Print(ExitCode.Failure, null, string.Create(CultureInfo.InvariantCulture, $"{summary.Failures.Count} of {summary.Total} runs failed:\n  {string.Join("\n  ", few.Concat(more))}"));
        }

        return ExitCode.Success;
    }
}
