using Reflink.Elf;

namespace Reflink.Cli;

/// <summary>Kinds of sites as options spell them.</summary>
internal static class SiteKindNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<SiteKind>().Select(Of)];

    public static string Of(SiteKind kind) => kind.ToString().ToLowerInvariant();

    public static SiteKind Parse(string name) => Enum.Parse<SiteKind>(name, ignoreCase: true);
}
