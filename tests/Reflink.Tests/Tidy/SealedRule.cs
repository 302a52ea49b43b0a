using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>A class of the tests is sealed, unless it is there to be derived from: then it is abstract. (An analyzer sees to internal classes.)</summary>
public static partial class SealedRule
{
    public static IEnumerable<Offence> Check(SourceFile file) => file.Project is not null
        ? []
        : file.Find(Open()).Select(c => new Offence(file.Path, c.Line, $"the class {c.Match.Groups["name"].Value} is neither sealed nor abstract"));

    [GeneratedRegex(@"^\s*(?:\[.*\]\s*)?(?:(?:public|internal|private|protected|file|partial|unsafe|new)\s+)*class\s+(?<name>[A-Za-z_]\w*)")]
    private static partial Regex Open();
}
