using Reflink.Units;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Every mechanism there is, in the order of reports. A new one is its file and a line here.</summary>
public static class MechanismCatalog
{
    private static readonly Func<IMechanism>[] s_makers =
    [
        () => new FlagsMechanism(),
        () => new PrivateMechanism(),
        () => new ScannedMechanism(),
        () => new RequestedMechanism(),
        () => new PartitionedMechanism(),
        () => new CopiedFileMechanism(),
        () => new DeltaMechanism(),
        () => new UprobesMechanism(),
        () => new UserOverlayMechanism(),
        () => new TextPokeMechanism(),
        () => new TextPokeMechanism(keying: CacheKeying.Inode),
    ];

    // Variants, which are compared only when they are named.
    private static readonly Func<IMechanism>[] s_further = [() => new PartitionedMechanism(byUser: false)];

    /// <summary>The names of those that are compared if nobody chooses.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_makers.Select(m => m().Name)];

    /// <summary>The names of all.</summary>
    public static IReadOnlyList<string> AllNames { get; } = [.. Names, .. s_further.Select(m => m().Name)];

    /// <summary>What makes the mechanism of that name for a machine.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is none.</exception>
    public static Func<IMechanism> Find(string name) => s_makers.Concat(s_further).FirstOrDefault(m => m().Name == name)
        ?? throw new ReflinkException(Errno.EINVAL, $"there is no mechanism '{name}'; take some of {string.Join(',', AllNames)}");

    /// <summary>The same for each of some sharing domains, if the mechanism knows such.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is no mechanism of that name.</exception>
    public static IEnumerable<Func<IMechanism>> Find(string name, IEnumerable<SharingDomain> domains) => name == TextPokeMechanism.WholeMachine
        ? domains.Select(domain => (Func<IMechanism>)(() => new TextPokeMechanism(domain)))
        : [Find(name)];
}
