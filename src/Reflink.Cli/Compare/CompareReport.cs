using System.Globalization;
using System.Text.Json;
using Reflink.Cli.Reporting;
using Reflink.Studies;
using Reflink.Studies.Comparison;

namespace Reflink.Cli.Compare;

/// <summary>A comparison for people, as a table, and for programs, as JSON and CSV.</summary>
internal static class CompareReport
{
    // Below this a figure in MiB would be 0.0, and all are in KiB.
    private const long LeastMebibytes = (1 << 20) / 10;

    public static string Json(ComparisonResult result) => JsonSerializer.Serialize(result, JsonFormat.Options) + "\n";

    public static string Csv(ComparisonResult result) => Reporting.Csv.Of(result.Mechanisms);

    public static string Checked(ComparisonResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"checked: {result.ComparedBytes:n0} bytes with ample memory and {result.ComparedBytesWhenTight:n0} bytes with a quarter of it, all equal to a flat copy; patched frames as many as follow from the sites");

    public static Report Text(ComparisonResult result)
    {
        var (binary, counts, unit) = (result.Binary, result.Counts, Unit(result));
        return new Report()
            .Line(binary.Path, $"build-id {binary.BuildId ?? "none"}")
            .Note(
                $"{Counted.Of(result.Sites, "site")} on {Number(result.PatchedPages)} of {Counted.Of(binary.TextPages, "page")} of text, "
                + $"in {Counted.Of(result.Processes, "process", "processes")} of {Counted.Of(result.Users, "user")}: {result.Choice.Description}")
            .Blank()
            .Table(Table(result, unit))
            .Blank()
            .Notes(result.Refused.Select(refused => $"not compared: {refused.Name} {refused.Reason}"))
            .Notes(result.Mechanisms.Where(m => m.PagesShared > 0).Select(
                m => $"{m.Name}: pages_shared {Number(m.PagesShared)}, pages_sharing {Number(m.PagesSharing)}, general_profit {Number(m.GeneralProfit)}"))
            .Notes(result.Mechanisms.Where(m => m.Caveat is not null).Select(m => $"{m.Name} {m.Caveat}"))
            .Note(
                $"counted from the sites alone: {Counted.Of(counts.Pages, "patched page")}, process by process; {Number(counts.Versions)} if equal ones are "
                + $"shared by all, {Number(counts.UserVersions)} if by a user's processes, {Number(counts.ProfilePages)} if by those with the same sites")
            .Blank()
            .Facts(Legend(result, unit));
    }

    private static (string, object)[] Legend(ComparisonResult result, string unit) =>
    [
        ("patched frames", "distinct frames that hold patched bytes; of these private: anonymous, with one mapper"),
        ("now, peak", "memory in use after patching, the original pages that are still cached included, and the most on the way there"),
        ("PSS, smaps", $"what the text takes of memory, shared pages in parts, all processes added up: exact, and as the kernel's smaps files print it, cut to KiB a mapping; before patching {Before(result, unit)}"),
        ("maps", "mappings of a process (vm.max_map_count is 65,530)"),
        ("caller, daemon", "simulated CPU time: of the processes (the calls, and faulting all text in once afterwards), and of everyone else"),
        ("pairs exposed", "of users who share a frame that merging or patching made, frame by frame: one may learn what the other has"),
        ("left", "frames held only because of the patching (mapped, or not yet written) + clean derived ones kept for the next user"),
    ];

    // Of the text alone for most; a mechanism that adds data to the program begins with more.
    private static string Before(ComparisonResult result, string unit)
    {
        var groups = result.Mechanisms.GroupBy(m => (m.PssBytesBefore, m.SmapsPssKiBBefore)).OrderByDescending(g => g.Count()).Select(
            (g, i) => $"{Size(g.Key.PssBytesBefore, unit).Full} and {Size(g.Key.SmapsPssKiBBefore << 10, unit).Full} {unit}" + (i == 0 ? "" : $" ({string.Join(", ", g.Select(m => m.Name))})"));
        return string.Join(", ", groups);
    }

    private static ReportTable Table(ComparisonResult result, string unit) => new(
        "",
        [
            "mechanism", new("scope", 5), new("patched frames", 0, "frames"), new("of these private", 4), new($"now {unit}", 3), $"peak {unit}", $"PSS {unit}", new($"smaps {unit}", 7), new("maps", 6),
            "caller ms", "daemon ms", new("pairs exposed", 1), "left after revert", new("left after exit", 2),
        ],
        [.. result.Mechanisms.Select(row => (IReadOnlyList<object?>)
        [
            row.Name, row.Scope.ToString().ToLowerInvariant(), Figure(row.PatchedFrames), Figure(row.PrivateFrames),
            Size(row.TotalFrames << Page.Shift, unit), Size(row.PatchPeakFrames << Page.Shift, unit), Size(row.PssBytes, unit), Size(row.SmapsPssKiB << 10, unit),
            Figure(row.VmasPerProcess), Milliseconds(row.CallerNs), Milliseconds(row.DaemonNs), Figure(row.ExposedPairs),
            Left(row.FramesAfterRevert, row.CachedAfterRevert), Left(row.FramesAfterExit, row.CachedAfterExit),
        ])]);

    private static string Unit(ComparisonResult result) =>
        result.Mechanisms.SelectMany(m => (long[])[m.TotalFrames << Page.Shift, m.PatchPeakFrames << Page.Shift, m.PssBytes, m.SmapsPssKiB << 10]).Any(bytes => bytes is > 0 and < LeastMebibytes) ? "KiB" : "MiB";

    private static Quantity Size(long bytes, string unit) => unit == "KiB"
        ? Figure((bytes + 512) >> 10)
        : new((bytes / 1048576.0).ToString("n2", CultureInfo.InvariantCulture), (bytes / 1048576.0).ToString("n1", CultureInfo.InvariantCulture));

    private static Quantity Left(long held, long cached) => Quantity.Of(cached == 0 ? Number(held) : $"{Number(held)} +{Number(cached)}");

    private static Quantity Figure(long number) => Quantity.Of(Number(number));

    private static Quantity Milliseconds(long nanoseconds) => new(
        (nanoseconds / 1e6).ToString("n1", CultureInfo.InvariantCulture), (nanoseconds / 1e6).ToString(nanoseconds < 100_000_000 ? "n1" : "n0", CultureInfo.InvariantCulture));

    private static string Number(long number) => number.ToString("n0", CultureInfo.InvariantCulture);
}
