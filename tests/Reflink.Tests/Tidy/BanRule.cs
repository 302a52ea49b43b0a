using System.Text.RegularExpressions;

namespace Reflink.Tests.Tidy;

/// <summary>The library is one thread on one simulated clock: the same operations give the same bytes everywhere.</summary>
public static partial class BanRule
{
    public static IEnumerable<Offence> Check(SourceFile file) => file.Project == "Reflink"
        ? file.Find(Banned()).Select(b => new Offence(file.Path, b.Line, $"the library is deterministic and single-threaded: no {b.Match.Value.Trim(' ', '(')}"))
        : [];

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Utc)?Now\b|\bDateTime\.Today\b|\bStopwatch\b|\bTimeProvider\.System\b|\bEnvironment\.TickCount(?:64)?\b|\bRandom\.Shared\b|\bnew Random\(|\bRandom \w+ = new\(|\bGuid\.NewGuid\b|\block\s*\(|\bMonitor\.Enter\b|\basync\s|\bTask\.Run\b|\bnew Thread\(")]
    private static partial Regex Banned();
}
