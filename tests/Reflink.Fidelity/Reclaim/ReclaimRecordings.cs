using System.Text.RegularExpressions;
using Reflink.Fidelity.Reclaim.Live;

namespace Reflink.Fidelity.Reclaim;

/// <summary>
/// A folder of recorded runs: traces <c>T.u32.xz</c>, and <c>cls.SUITE.T.REP.xz</c> beside them or in a subfolder, as <c>.gz</c> or not
/// packed, too.
/// </summary>
public sealed partial class ReclaimRecordings
{
    private readonly List<string> _skipped = [];

    private ReclaimRecordings(IReadOnlyList<ReclaimRun> runs) => Runs = runs;

    /// <summary>The runs, suite by suite.</summary>
    public IReadOnlyList<ReclaimRun> Runs { get; }

    /// <summary>What was not read, and why.</summary>
    public IReadOnlyList<string> Skipped => _skipped;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">Which suite and trace to read; all if null.</param>
    /// <exception cref="InvalidDataException">A file is damaged, or is not as long as its trace.</exception>
    public static ReclaimRecordings Read(string folder, Func<string, string, bool>? wanted = null)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var traces = files.Select(f => (File: f, Match: TraceName().Match(Path.GetFileName(f)))).Where(t => t.Match.Success)
            .GroupBy(t => t.Match.Groups["trace"].Value, t => t.File).ToDictionary(g => g.Key, g => g.First());
        var recorded = files.Select(f => (File: f, Match: Recording().Match(Path.GetFileName(f)))).Where(r => r.Match.Success)
            .Select(r => (r.File, Suite: r.Match.Groups["suite"].Value, Trace: r.Match.Groups["trace"].Value))
            .Where(r => wanted is null || wanted(r.Suite, r.Trace)).ToList();
        var skipped = new List<string>();
        var runs = new List<ReclaimRun>();
        foreach (var group in recorded.GroupBy(r => (r.Suite, r.Trace)))
        {
            var (suite, trace) = group.Key;
            if (ReclaimSuite.Parse(suite) is not { } known)
            {
                skipped.Add($"{suite}, {trace}: the model knows the suites R…, RA…, m…-f…, M…, W…, A… and X…-… only");
            }
            else if (!traces.TryGetValue(trace, out var file))
            {
                skipped.Add($"{suite}, {trace}: there is no {trace}.u32.xz or .gz");
            }
            else
            {
                runs.Add(Load(known, trace, file, group.Select(r => r.File)));
            }
        }

        var recordings = new ReclaimRecordings([.. runs.OrderBy(r => r.Suite.ReadsAhead).ThenBy(r => r.Suite.Name, StringComparer.Ordinal)]);
        recordings._skipped.AddRange(skipped);
        return recordings;
    }

    private static ReclaimRun Load(ReclaimSuite suite, string trace, string file, IEnumerable<string> recordings)
    {
        var pages = PackedFile.ReadTrace(file);
        if (Array.FindIndex(pages, p => p >= ReclaimSuite.FilePages) is var beyond and >= 0)
        {
            throw new InvalidDataException($"{file}: access {beyond} reads page {pages[beyond]}; the file has {ReclaimSuite.FilePages}");
        }

        var kernel = recordings.Select(r => (File: r, Classes: PackedFile.Read(r))).ToList();
        foreach (var (recording, classes) in kernel.Where(k => k.Classes.Length != pages.Length || k.Classes.Any(c => c > 3)))
        {
            throw new InvalidDataException($"{recording}: {classes.Length} classes for {pages.Length} accesses, or one above 3");
        }

        var folder = Path.GetDirectoryName(kernel[0].File)!;
        var run = new ReclaimRun(suite, trace, pages, [.. kernel.Select(k => k.Classes)])
        {
            Kinds = suite.Live is null ? null : suite.Live.Letter == 'M' ? [.. pages.Select(_ => (byte)TouchKind.Load)] : ReadKinds(folder, suite, trace, pages.Length),
        };
        var sheet = SuiteSheet.Read(Path.Combine(folder, $"{suite.Name}.json"));
        return sheet?.Traces.FirstOrDefault(t => t.Trace == trace) is { } recorded
            ? run with { BasePages = (int)recorded.BasePages, Processors = sheet.Processors }
            : run;
    }

    private static byte[] ReadKinds(string folder, ReclaimSuite suite, string trace, int accesses)
    {
        var file = ((string[])["", ".gz", ".xz"]).Select(packed => Path.Combine(folder, $"kinds.{suite.Name}.{trace}{packed}")).FirstOrDefault(File.Exists)
            ?? throw new InvalidDataException($"{folder}: there is no kinds.{suite.Name}.{trace}, which says how each access uses its page");
        var kinds = PackedFile.Read(file);
        return kinds.Length == accesses && kinds.All(k => Enum.IsDefined((TouchKind)k))
            ? kinds
            : throw new InvalidDataException($"{file}: {kinds.Length} kinds for {accesses} accesses, or one above {(int)TouchKind.AnonymousStore}");
    }

    [GeneratedRegex(@"^cls\.(?<suite>[^.]+)\.(?<trace>.+)\.\d+(?:\.[xg]z)?$")]
    private static partial Regex Recording();

    [GeneratedRegex(@"^(?<trace>.+)\.u32(?:\.[xg]z)?$")]
    private static partial Regex TraceName();
}
