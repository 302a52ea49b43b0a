using Reflink.Elf;
using Reflink.Studies;

namespace Reflink.Cli.Sites;

/// <summary>Says on standard error which entries of a table of sites cannot be used; the others are used all the same.</summary>
internal static class LeftOut
{
    private const int Most = 5;

    public static void Tell(SiteKind kind, IReadOnlyList<string> reasons)
    {
        foreach (var reason in reasons.Take(Most))
        {
            Failures.Remark($"reflink: one {SiteKindNames.Of(kind)} site is left out: {reason}");
        }

        if (reasons.Count > Most)
        {
            Failures.Remark($"reflink: left out: {Counted.Of(reasons.Count - Most, $"more {SiteKindNames.Of(kind)} site")}");
        }
    }
}
