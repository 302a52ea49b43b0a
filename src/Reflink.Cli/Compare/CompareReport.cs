using System.Globalization;
using System.Text.Json;
using Reflink.Studies;
using Reflink.Studies.Comparison;
using Reflink.Units;
using Spectre.Console;

namespace Reflink.Cli.Compare;

/// <summary>A comparison for people, as a table, and for programs, as JSON.</summary>
internal static class CompareReport
{
    /// <summary>More than the table needs: narrow terminals wrap its lines, which is better than cut numbers.</summary>
    private const int Width = 200;

    private static readonly string[] s_notes =
    [
        "patched frames   distinct frames that hold patched bytes; of these private: anonymous, with one mapper",
        "now, peak        memory in use after patching, the original pages that are still cached included, and the most on the way there",
        "PSS, smaps       what the text takes of memory, shared pages in parts, all processes added up: exact, and as the kernel's smaps",
        "                 files print it, cut to KiB a mapping; before patching {0}",
        "maps             mappings of a process (vm.max_map_count is 65,530)",
        "caller, daemon   simulated CPU time: of the processes (the calls, and faulting all text in once afterwards), and of everyone else",
        "pairs exposed    of users who share a frame that merging or patching made, frame by frame: one may learn what the other has",
        "left             frames held only because of the patching (mapped, or not yet written) + clean derived ones kept for the next user",
    ];

    public static string Json(ComparisonResult result) => JsonSerializer.Serialize(result, JsonFormat.Options);

    public static string Checked(ComparisonResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"checked: {result.ComparedBytes:n0} bytes with ample memory and {result.ComparedBytesWhenTight:n0} bytes with a quarter of it, all equal to a flat copy; patched frames as many as follow from the sites");

    public static void Print(ComparisonResult result)
    {
        var binary = result.Binary;
        Console.Out.WriteLine($"{binary.Path}, build-id {binary.BuildId ?? "none"}");
        Console.Out.WriteLine(
            $"{Counted.Of(result.Sites, "site")} on {Number(result.PatchedPages)} of {Counted.Of(binary.TextPages, "page")} of text, "
            + $"in {Counted.Of(result.Processes, "process", "processes")} of {Counted.Of(result.Users, "user")}: {result.Choice.Description}");
        Write(Table(result));
        foreach (var (name, reason) in result.Refused)
        {
            Console.Out.WriteLine($"not compared: {name} {reason}");
        }

        foreach (var row in result.Mechanisms.Where(m => m.PagesShared > 0))
        {
            Console.Out.WriteLine($"{row.Name}: pages_shared {Number(row.PagesShared)}, pages_sharing {Number(row.PagesSharing)}, general_profit {Number(row.GeneralProfit)}");
        }

        foreach (var row in result.Mechanisms.Where(m => m.Caveat is not null))
        {
            Console.Out.WriteLine($"{row.Name} {row.Caveat}");
        }

        var counts = result.Counts;
        Console.Out.WriteLine(
            $"counted from the sites alone: {Counted.Of(counts.Pages, "patched page")}, process by process; {Number(counts.Versions)} if equal ones are "
            + $"shared by all, {Number(counts.UserVersions)} if by a user's processes, {Number(counts.ProfilePages)} if by those with the same sites");
        Console.Out.WriteLine();
        foreach (var note in s_notes)
        {
            Console.Out.WriteLine(string.Format(CultureInfo.InvariantCulture, note, Before(result)));
        }
    }

    // Of the text alone for most; a mechanism that adds data to the program begins with more.
    private static string Before(ComparisonResult result)
    {
        var groups = result.Mechanisms.GroupBy(m => (m.PssBytesBefore, m.SmapsPssKiBBefore)).OrderByDescending(g => g.Count()).Select(
            (g, i) => $"{Mebibytes(g.Key.PssBytesBefore)} and {Mebibytes(g.Key.SmapsPssKiBBefore << 10)} MiB" + (i == 0 ? "" : $" ({string.Join(", ", g.Select(m => m.Name))})"));
        return string.Join(", ", groups);
    }

    // A file gets the same lines without borders' padding at their ends.
    private static void Write(Table table)
    {
        using var plain = new StringWriter();
        var output = Console.IsOutputRedirected ? plain : Console.Out;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Width;
        console.Write(table);
        foreach (var line in plain.ToString().Split('\n').SkipLast(1))
        {
            Console.Out.WriteLine(line.TrimEnd());
        }
    }

    private static Table Table(ComparisonResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("\nmechanism").NoWrap());
        table.AddColumn(new TableColumn("\nscope").NoWrap());
        foreach (var title in new[]
        {
            "patched\nframes", "of these\nprivate", "now\nMiB", "peak\nMiB", "PSS\nMiB", "smaps\nMiB", "\nmaps", "caller\nms", "daemon\nms", "pairs\nexposed", "left after\nrevert", "left after\nexit",
        })
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        }

        foreach (var row in result.Mechanisms)
        {
            table.AddRow(
                row.Name, row.Scope.ToString().ToLowerInvariant(), Number(row.PatchedFrames), Number(row.PrivateFrames),
                Mebibytes(row.TotalFrames << Page.Shift), Mebibytes(row.PatchPeakFrames << Page.Shift), Mebibytes(row.PssBytes),
                Mebibytes(row.SmapsPssKiB << 10), Number(row.VmasPerProcess), Milliseconds(row.CallerNs), Milliseconds(row.DaemonNs), Number(row.ExposedPairs),
                Left(row.FramesAfterRevert, row.CachedAfterRevert), Left(row.FramesAfterExit, row.CachedAfterExit));
        }

        return table;
    }

    private static string Left(long held, long cached) => cached == 0 ? Number(held) : $"{Number(held)} +{Number(cached)}";

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("n2", CultureInfo.InvariantCulture);

    private static string Milliseconds(long nanoseconds) => (nanoseconds / 1e6).ToString("n1", CultureInfo.InvariantCulture);
}
