using Reflink.Studies.Clusters;
using Reflink.Units;

namespace Reflink.Cluster.Joining;

/// <summary>Where the silos of a cluster find each other, and where they keep the state of studies.</summary>
internal abstract class MeetingPlace
{
    /// <summary>What a person calls it.</summary>
    public abstract string Name { get; }

    /// <summary>The folder that silos share for large results; null for none, so that these lie where the others do.</summary>
    public abstract string? Folder { get; }

    /// <summary>Adds it to a silo: how it is reached, who else is there, and the storage of the grains.</summary>
    public abstract void Configure(ISiloBuilder silo);

    /// <summary>Reads what --join says.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is no place.</exception>
    public static MeetingPlace Of(SiloSettings settings) => settings.Join.Split(':')[0] switch
    {
        "localhost" => new LocalPlace(settings),
        "redis" or "rediss" => new RedisPlace(settings),
        "postgres" or "postgresql" => new PostgresPlace(settings),
        _ => throw new ReflinkException(Errno.EINVAL, $"--join takes localhost, localhost:PORT, redis://HOST:PORT or postgres://HOST:PORT/DATABASE, not '{settings.Join}'"),
    };
}
