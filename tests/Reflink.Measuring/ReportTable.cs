using Spectre.Console;

namespace Reflink.Measuring;

/// <summary>A report for people: a table, the figures asked one a line, and the verdict as the last line.</summary>
public static class ReportTable
{
    public static void Print(Report report, TextWriter to)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(to) });
        // A table that is piped into a file is not cut at the 80 columns of no terminal.
        console.Profile.Width = Math.Max(console.Profile.Width, 170);
        console.Write(Table(report));
        foreach (var line in report.Notes)
        {
            to.WriteLine(line);
        }

        foreach (var claim in report.Claims)
        {
            to.WriteLine($"{(claim.Holds ? "ok  " : "MISS")} {claim}");
        }

        to.WriteLine(report.Verdict.Line);
    }

    private static Table Table(Report report)
    {
        var models = report.Standings.Any(s => s.Contestant.Model is not null);
        var table = new Table().Border(TableBorder.Simple).Title($"{report.Command}: medians of {report.Rounds} interleaved rounds");
        table.AddColumns("what", "who");
        foreach (var name in (string[])["median", "quartiles", "min..max", models ? "model" : "", models ? "×model" : "×ours", "B/op"])
        {
            if (name.Length > 0)
            {
                table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
            }
        }

        table.AddColumn("note");
        foreach (var standing in report.Standings)
        {
            table.AddRow([.. Cells(standing, models).Select(Markup.Escape)]);
        }

        return table;
    }

    private static IEnumerable<string> Cells(Standing standing, bool models)
    {
        var contestant = standing.Contestant;
        var times = standing.Times;
        yield return contestant.Discipline;
        yield return contestant.Name;
        yield return times is null ? "-" : Figures.Time(times.Median);
        yield return times is null ? "-" : $"{Figures.Time(times.LowQuartile)}..{Figures.Time(times.HighQuartile)}";
        yield return times is null ? "-" : $"{Figures.Time(times.Min)}..{Figures.Time(times.Max)}";
        if (models)
        {
            yield return contestant.Model is { } model ? Figures.Time(model) : "-";
        }

        yield return standing.Ratio is { } ratio ? Figures.Of(ratio) : "-";
        yield return times is null ? "-" : Figures.Of(standing.Allocated);
        yield return contestant.Skipped is { } why ? $"skipped: {why}" : contestant.Note;
    }
}
