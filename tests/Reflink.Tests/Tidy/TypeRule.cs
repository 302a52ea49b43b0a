using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>One public type a file, named as the file; the namespace is the folder; no type is named as a namespace.</summary>
public static partial class TypeRule
{
    public static IEnumerable<Offence> Check(SourceFile file, IReadOnlyCollection<string> segments) => file.Project is null
        ? []
        : [.. Names(file), .. Namespace(file), .. Segments(file, segments)];

    /// <summary>The names of the types that a file declares outside any other.</summary>
    public static IEnumerable<string> TypesOf(SourceFile file) => Outermost(file).Select(t => t.Name);

    private static IEnumerable<Offence> Names(SourceFile file)
    {
        var types = Outermost(file);
        var open = types.Where(t => t.Public).ToList();
        if (open.Count > 1)
        {
            yield return new(file.Path, open[1].Line, $"{open[1].Name} is the second public type of the file");
        }
        else if (types.Count > 0 && !types.Exists(t => t.Name == file.Name && (t.Public || open.Count == 0)))
        {
            yield return new(file.Path, types[0].Line, $"the file is not named after {(open.Count == 1 ? open[0] : types[0]).Name}");
        }
    }

    private static IEnumerable<Offence> Namespace(SourceFile file)
    {
        var expected = FrontTypes.Declares(file) ? FrontTypes.Namespace : string.Join('.', file.Folders.Skip(1));
        var found = file.Find(NamespaceName()).ToList();
        foreach (var (line, match) in found.Where(f => f.Match.Groups[1].Value != expected))
        {
            yield return new(file.Path, line, $"the namespace {match.Groups[1].Value} should be {expected}");
        }

        if (found.Count == 0 && Outermost(file) is [var first, ..])
        {
            yield return new(file.Path, first.Line, $"{first.Name} is in no namespace; it should be in {expected}");
        }
    }

    private static IEnumerable<Offence> Segments(SourceFile file, IReadOnlyCollection<string> segments) =>
        file.Find(Declaration()).Where(d => segments.Contains(d.Match.Groups["name"].Value))
            .Select(d => new Offence(file.Path, d.Line, $"the type {d.Match.Groups["name"].Value} is named as a namespace"));

    private static List<(string Name, bool Public, int Line)> Outermost(SourceFile file)
    {
        // A namespace in braces puts its types one brace deeper.
        var outermost = file.Find(NamespaceName()).Any(n => !n.Match.Value.EndsWith(';')) ? 1 : 0;
        var types = new List<(string, bool, int)>();
        var depth = 0;
        for (var i = 0; i < file.Code.Count; i++)
        {
            if (depth == outermost && Declaration().Match(file.Code[i]) is { Success: true } match)
            {
                types.Add((match.Groups["name"].Value, match.Groups["modifiers"].Value.Contains("public", StringComparison.Ordinal), i + 1));
            }

            depth += file.Code[i].Count(c => c == '{') - file.Code[i].Count(c => c == '}');
        }

        return types;
    }

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)\s*;?")]
    private static partial Regex NamespaceName();

    [GeneratedRegex(@"^\s*(?:\[.*\]\s*)?(?<modifiers>(?:(?:public|internal|private|protected|file|static|sealed|abstract|partial|readonly|ref|unsafe|new)\s+)*)(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>\[\],.?]+)\s+(?<name>[A-Za-z_]\w*)")]
    private static partial Regex Declaration();
}
