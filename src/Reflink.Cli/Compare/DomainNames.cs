namespace Reflink.Cli.Compare;

/// <summary>Sharing domains as options spell them.</summary>
internal static class DomainNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<SharingDomain>().Select(Of)];

    public static string Of(SharingDomain domain) => domain.ToString().ToLowerInvariant();

    public static SharingDomain Parse(string name) => Enum.Parse<SharingDomain>(name, ignoreCase: true);
}
