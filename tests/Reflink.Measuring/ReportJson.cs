using System.Text.Encodings.Web;
using System.Text.Json;

namespace Reflink.Measuring;

/// <summary>A report for programs. Times are nanoseconds, allocations bytes, both an operation.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Report report) => JsonSerializer.Serialize(
        new
        {
            report.Command,
            report.Rounds,
            Rows = report.Standings.Select(s => new
            {
                s.Contestant.Discipline,
                s.Contestant.Name,
                MedianNs = s.Times?.Median,
                LowQuartileNs = s.Times?.LowQuartile,
                HighQuartileNs = s.Times?.HighQuartile,
                MinNs = s.Times?.Min,
                MaxNs = s.Times?.Max,
                ModelNs = s.Contestant.Model,
                s.Ratio,
                AllocatedBytes = s.Times is null ? (double?)null : s.Allocated,
                s.Contestant.Note,
                s.Contestant.Skipped,
            }),
            report.Notes,
            Claims = report.Claims.Select(c => new { c.What, c.Measured, Bound = c.Bound.ToString().ToLowerInvariant(), c.Limit, c.Unit, c.Holds }),
            Verdict = report.Verdict.Line,
            report.Verdict.ExitCode,
        },
        s_options);
}
