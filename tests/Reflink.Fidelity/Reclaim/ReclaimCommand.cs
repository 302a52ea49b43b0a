using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Reflink.Fidelity.Reclaim.Live;
using Reflink.Measuring;

namespace Reflink.Fidelity.Reclaim;

/// <summary>Compares the model of Linux's reclaim with recorded runs of a kernel, access by access.</summary>
public sealed class ReclaimCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Option<DirectoryInfo?> _data = new("--data") { Description = "A folder of T.u32.xz and cls.SUITE.T.REP.xz files; otherwise the recordings that come with the project." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON; the verdict goes to the error stream." };

    private readonly RecordCommand _recording = new();

    /// <summary>Where the recordings are that are compared if nothing is said.</summary>
    public static string DefaultData => DataFolder.Find("kernel-cache") ?? Path.Combine(AppContext.BaseDirectory, "recordings");

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var command = new Command("reclaim", "Linux's reclaim as the model has it, beside recorded runs of a kernel, access by access.") { _data, _json };
        foreach (var option in _recording.Options)
        {
            command.Options.Add(option);
        }

        command.SetAction(line => _recording.IsWanted(line) ? _recording.Act(line) : Act(line.GetValue(_data)?.FullName ?? DefaultData, line.GetValue(_json)));
        return command;
    }

    /// <summary>What must hold of a comparison.</summary>
    public static IReadOnlyList<Claim> Claims(IReadOnlyList<ReclaimFigures> figures) =>
        [.. figures.GroupBy(f => f.Suite).SelectMany(suite => Of(suite.Key, [.. suite]))];

    private static IEnumerable<Claim> Of(ReclaimSuite suite, IReadOnlyList<ReclaimFigures> figures)
    {
        var worst = figures.MaxBy(f => f.Shortfall ?? double.NegativeInfinity)!;
        var wrong = figures.MaxBy(f => Math.Abs(f.Error) - f.ErrorLimit)!;
        yield return Claim.Most($"{suite.Name}, agreement below the kernel's with itself, mean", figures.Average(f => f.Shortfall), suite.MeanShortfall, " points");
        yield return Claim.Most($"{suite.Name}, the same in {worst.Trace}, the worst", worst.Shortfall, suite.WorstShortfall, " points");
        yield return Claim.Most($"{suite.Name}, miss ratio off in {wrong.Trace}, the worst", Math.Abs(wrong.Error), wrong.ErrorLimit, " points");
    }

    private static int Act(string folder, bool json)
    {
        Console.Error.WriteLine($"data: {folder}, recorded on Linux 6.18; the running kernel is not asked");
        ReclaimRecordings recordings;
        try
        {
            recordings = ReclaimRecordings.Read(folder);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 2;
        }

        if (recordings.Runs.Count == 0)
        {
            Console.Error.WriteLine($"{folder}: there are no recordings (T{".u32.xz"} and cls.SUITE.T.REP.xz) that the model knows");
            Tell(recordings, Console.Error);
            return 2;
        }

        var figures = recordings.Runs.Select(r => r.Compare()).ToList();
        var claims = Claims(figures);
        var verdict = Verdict.Of([], claims);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Folder = folder, Figures = figures, Claims = claims, recordings.Skipped, Verdict = verdict.Line }, s_json));
            Console.Error.WriteLine(verdict.Line);
            return verdict.ExitCode;
        }

        Print(figures);
        Tell(recordings, Console.Out);
        foreach (var claim in claims)
        {
            Console.WriteLine($"  {(claim.Holds ? "holds" : claim.Measured is null ? "?" : "FAILS"),-5}  {claim}");
        }

        Console.WriteLine(verdict.ExitCode == 0 ? "holds" : verdict.Line);
        return verdict.ExitCode;
    }

    private static void Print(IReadOnlyList<ReclaimFigures> figures)
    {
        Console.WriteLine("suite    trace                 runs  agree %  kernel %  class %  missed %  kernel %    error   spread");
        foreach (var f in figures)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{f.Suite.Name,-8} {f.Trace,-21} {f.Repetitions,4}  {f.Agreement,7:F3}  {(f.KernelAgreement is { } k ? k.ToString("F3", CultureInfo.InvariantCulture) : "-"),8}  {f.ClassAgreement,7:F3}  {f.MissRatio,8:F3}  {f.KernelMissRatio,8:F3}  {ReclaimFigures.Signed(f.Error),7}  {f.KernelSpread,7:F3}"));
        }
    }

    private static void Tell(ReclaimRecordings recordings, TextWriter writer)
    {
        foreach (var skipped in recordings.Skipped)
        {
            writer.WriteLine($"skipped: {skipped}");
        }
    }
}
