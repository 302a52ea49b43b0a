using System.Collections.Immutable;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Policies.Mglru;
using Reflink.Cache.Simulation;

namespace Reflink;

/// <summary>The policies by name, for options and reports.</summary>
public static class ReplacementPolicies
{
    private static ImmutableArray<PolicyMaker> s_makers =
    [
        PolicyMaker.Of("fifo", _ => new FifoPolicy()),
        PolicyMaker.Of("lru", _ => new LruPolicy()),
        PolicyMaker.Of("clock", _ => new ClockPolicy()),
        PolicyMaker.Of("linux", pages => new LinuxPolicy(pages)),
        PolicyMaker.Of("mglru", _ => new MglruPolicy()),
        PolicyMaker.Of("sieve", _ => new SievePolicy()),
        PolicyMaker.Of("2q", pages => new TwoQPolicy(pages)),
        PolicyMaker.Of("s3fifo", pages => new S3FifoPolicy(pages)),
        PolicyMaker.Of("arc", pages => new ArcPolicy(pages)),
        PolicyMaker.Of("lirs", pages => new LirsPolicy(pages)),
        PolicyMaker.Of("lruk", pages => new LrukPolicy(pages)),
        PolicyMaker.Of("wtinylfu", pages => new WTinyLfuPolicy(pages)),
    ];

    /// <summary>All names, the simplest policy first.</summary>
    public static IReadOnlyList<string> Names => [.. s_makers.Select(m => m.Name)];

    /// <summary>Adds a user's policy, for machines, simulations and the command alike.</summary>
    /// <typeparam name="TPolicy">The policy: a class, or a struct, for which the simulation is compiled anew.</typeparam>
    /// <param name="name">Its name (<see cref="IReplacementPolicy.Name"/>).</param>
    /// <param name="make">Makes an empty policy for a given number of pages of memory.</param>
    /// <exception cref="ReflinkException">EEXIST: there is one of that name.</exception>
    public static void Register<TPolicy>(string name, Func<int, TPolicy> make)
        where TPolicy : IReplacementPolicy
    {
        var maker = PolicyMaker.Of(name, make);
        ImmutableInterlocked.Update(ref s_makers, makers => makers.Any(m => m.Name == name)
            ? throw new ReflinkException(Errno.EEXIST, $"a replacement policy is called '{name}' already; give yours another name")
            : makers.Add(maker));
    }

    /// <summary>Makes a policy of that name, with no pages yet.</summary>
    /// <param name="name">The name.</param>
    /// <param name="pages">Pages of memory that it will serve; some divide it among lists.</param>
    /// <exception cref="ReflinkException">EINVAL: there is none of that name; the message lists those that are.</exception>
    /// <example><code>
    /// var lru = ReplacementPolicies.Create("lru", 1024);
    /// </code></example>
    public static IReplacementPolicy Create(string name, int pages)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name).Policy(pages);
    }

    /// <summary>Makes a cache without bytes under the policy of that name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="capacity">How many pages it holds.</param>
    /// <exception cref="ReflinkException">EINVAL: there is none of that name, or the capacity is not 1 to <see cref="CacheSimulation.MaxCapacity"/>.</exception>
    public static CacheSimulation Simulate(string name, int capacity)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Find(name).Simulation(capacity);
    }

    private static PolicyMaker Find(string name) => s_makers.FirstOrDefault(m => m.Name == name)
        ?? throw new ReflinkException(Errno.EINVAL, $"no replacement policy is called '{name}'; there are {string.Join(", ", Names)}");
}
