namespace Reflink.Cli.Caching;

/// <summary>Keyings of the page cache as options spell them.</summary>
internal static class KeyingNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<CacheKeying>().Select(Of)];

    public static string Of(CacheKeying keying) => keying.ToString().ToLowerInvariant();

    public static CacheKeying Parse(string name) => Enum.Parse<CacheKeying>(name, ignoreCase: true);
}
