namespace Reflink.Cache.Simulation;

// Both ways to run a policy, while its type is still known.
internal sealed record PolicyMaker(string Name, Func<int, IReplacementPolicy> Policy, Func<int, CacheSimulation> Simulation)
{
    public static PolicyMaker Of<TPolicy>(string name, Func<int, TPolicy> make)
        where TPolicy : IReplacementPolicy =>
        new(name, pages => make(pages), capacity => CacheSimulation.Of(make(capacity), capacity));
}
