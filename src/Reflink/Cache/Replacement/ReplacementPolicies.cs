using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>The policies by name, for options and reports.</summary>
public static class ReplacementPolicies
{
    private static readonly Func<IReplacementPolicy>[] s_makers =
    [
        () => new FifoPolicy(),
        () => new LruPolicy(),
        () => new ClockPolicy(),
    ];

    /// <summary>All names, the simplest policy first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_makers.Select(make => make().Name)];

    /// <summary>Makes a policy of that name (<see cref="IReplacementPolicy.Name"/>), with no frames yet.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is none of that name; the message lists those that are.</exception>
    public static IReplacementPolicy Create(string name)
    {
        var at = Names.ToList().IndexOf(name);
        return at >= 0
            ? s_makers[at]()
            : throw new ReflinkException(Errno.EINVAL, $"no replacement policy is called '{name}'; there are {string.Join(", ", Names)}");
    }
}
