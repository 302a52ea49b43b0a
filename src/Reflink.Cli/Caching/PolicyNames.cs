using Reflink.Cache.Replacement;

namespace Reflink.Cli.Caching;

/// <summary>Replacement policies as options spell them; another is a line here.</summary>
internal static class PolicyNames
{
    private static readonly Dictionary<string, Func<IReplacementPolicy>> Makers = new()
    {
        ["fifo"] = () => new FifoPolicy(),
    };

    /// <summary>All names, the usual one first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Makers.Keys];

    public static Func<IReplacementPolicy> Parse(string name) => Makers[name];
}
