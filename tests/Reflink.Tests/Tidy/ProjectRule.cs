using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>The versions of packages are written in one place.</summary>
public static partial class ProjectRule
{
    public static IEnumerable<Offence> Check(SourceFile file)
    {
        if (file.Path == "Directory.Packages.props")
        {
            return [];
        }

        return file.Text.Split('\n').Select((line, i) => (Line: i + 1, Text: line)).Where(l => Version().IsMatch(l.Text))
            .Select(l => new Offence(file.Path, l.Line, "versions of packages belong into Directory.Packages.props"));
    }

    [GeneratedRegex(@"<Package(?:Reference|Version)\b.*\bVersion(?:Override)?\s*=|<Version(?:Override)?>")]
    private static partial Regex Version();
}
