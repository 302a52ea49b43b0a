using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>Imports run downward only, and one stratum alone names FASTER.</summary>
public static partial class StrataRule
{
    private static readonly string[] s_belowFiles = ["Units", "Descriptions", "Store", "Space", "Inodes", "Cache"];
    private static readonly string[] s_belowDaemons = [.. s_belowFiles, "Files", "Vm"];
    private static readonly string[] s_library = [.. s_belowDaemons, "Ksm", "Patching", "Machines"];

    /// <summary>Whom each stratum may name besides itself; the table of the design.</summary>
    private static readonly Dictionary<string, string[]> s_below = new(StringComparer.Ordinal)
    {
        ["Units"] = [],
        ["Descriptions"] = ["Units"],
        ["Store"] = ["Units"],
        ["Space"] = ["Units"],
        ["Inodes"] = ["Units", "Space"],
        ["Cache"] = ["Units", "Store"],
        ["Files"] = s_belowFiles,
        ["Vm"] = [.. s_belowFiles, "Files"],
        ["Ksm"] = s_belowDaemons,
        ["Patching"] = s_belowDaemons,
        ["Machines"] = s_library,
        ["Elf"] = ["Units", "Patching"],
        ["Studies"] = [.. s_library, "Elf"],
        ["Snapshots"] = s_library,
        ["Samples"] = [.. s_library, "Elf", "Studies"],
        ["IO"] = ["Units", "Inodes", "Files"],
        ["Cluster"] = [.. s_library, "Elf", "Studies"],
        ["Cli"] = [.. s_library, "Elf", "Studies"],
    };

    public static IReadOnlyCollection<string> Names => s_below.Keys;

    public static IEnumerable<Offence> Check(SourceFile file)
    {
        if (file.Project is null)
        {
            return [];
        }

        // Reflink.IO.Abstractions is IO, and a file of src/Reflink itself belongs to nothing.
        var own = file.Stratum ?? (file.Project.Split('.') is [_, var edge, ..] ? edge : file.Project);
        if (!s_below.TryGetValue(own, out var below))
        {
            return [new(file.Path, 1, $"{own} is no stratum: files of src/Reflink lie in one of its strata")];
        }

        // Reflink.Vm may say Machines.Machine and mean Reflink.Machines.
        var named = file.Find(Qualified()).Where(q => !FrontTypes.Names.Contains(Stratum(q.Match))).Concat(file.Find(Relative()).Where(r => s_below.ContainsKey(Stratum(r.Match))));
        var upward = named.Where(n => Stratum(n.Match) != own && !below.Contains(Stratum(n.Match)))
            .Select(n => new Offence(file.Path, n.Line, $"{own} must not know {Stratum(n.Match)}"));
        var front = FrontTypes.NamedIn(file).Select(n => (n.Line, Stratum: n.Folder.Split('.')[0]))
            .Where(n => n.Stratum != own && !below.Contains(n.Stratum))
            .Select(n => new Offence(file.Path, n.Line, $"{own} must not know {n.Stratum}"));
        return upward.Concat(front).Concat(Faster(file, own)).Distinct();
    }

    private static IEnumerable<Offence> Faster(SourceFile file, string own) => own == "Store"
        ? []
        : file.Find(FasterName()).Select(f => new Offence(file.Path, f.Line, "only Store names FASTER"));

    private static string Stratum(Match match) => match.Groups[1].Value;

    [GeneratedRegex(@"(?<![\w.])Reflink\.(\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w+)\.[A-Z]")]
    private static partial Regex Relative();

    [GeneratedRegex(@"(?<![\w.])FASTER\.")]
    private static partial Regex FasterName();
}
