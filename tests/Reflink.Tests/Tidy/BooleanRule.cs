using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>
/// A parameter that chooses between two behaviours is two methods or an enum: the library has few boolean parameters, each of which
/// reads well where it is called. Results (out) and the members of records are no choices.
/// </summary>
public static partial class BooleanRule
{
    public const int Most = 20;

    public static IEnumerable<Offence> Check(IReadOnlyList<SourceFile> files)
    {
        var found = files.Where(f => f.Project == "Reflink").SelectMany(In).ToList();
        return found.Count > Most ? found : [];
    }

    private static IEnumerable<Offence> In(SourceFile file)
    {
        var code = string.Join('\n', file.Code);
        return Parameter().Matches(code).Select(m => new Offence(
            file.Path, code[..m.Index].Count(c => c == '\n') + 1, $"{m.Groups["name"].Value} is a boolean parameter, and the library has more than {Most}"));
    }

    [GeneratedRegex(@"(?<=[(,]\s*(?:\[[^\]]*\]\s*)?)bool\??\s+(?<name>@?[a-z]\w*)\s*(?:=\s*\w+\s*)?(?=[,)])")]
    private static partial Regex Parameter();
}
