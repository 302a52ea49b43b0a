using System.Globalization;
using System.Net;
using Orleans.Persistence;
using Orleans.Serialization;
using Orleans.Storage;
using Reflink.Cluster.Grains;
using Reflink.Studies.Clusters;
using Reflink.Units;
using StackExchange.Redis;

namespace Reflink.Cluster.Joining;

/// <summary>Silos of several machines that share a Redis: it has the list of silos and the state of studies.</summary>
internal sealed class RedisPlace : MeetingPlace
{
    private const int UsualPort = 6379;

    private readonly SiloSettings _settings;
    private readonly Uri _address;

    /// <summary>Reads <c>redis://USER:PASSWORD@HOST:PORT</c>, or <c>rediss://</c> with TLS; only the host must be there.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is something else.</exception>
    public RedisPlace(SiloSettings settings)
    {
        _settings = settings;
        _address = Uri.TryCreate(settings.Join, UriKind.Absolute, out var address) && address is { Host.Length: > 0, AbsolutePath: "" or "/" } ? address
            : throw new ReflinkException(Errno.EINVAL, $"--join takes redis://HOST:PORT, not '{settings.Join}'");
    }

    public override string Name => $"redis://{_address.Host}:{Port}{(Folder is null ? "" : $", large results in {Folder}")}";

    public override string? Folder => _settings.Results;

    private int Port => _address.Port > 0 ? _address.Port : UsualPort;

    public override void Configure(ISiloBuilder silo)
    {
        var own = _settings.Address is { } named ? IPAddress.Parse(named) : Ports.AddressTowards(_address.Host, Port);
        silo.ConfigureEndpoints(own, _settings.SiloPort ?? Ports.Free(), gatewayPort: 0);
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = Options());
        silo.Services.AddRedisGrainStorage(StoreNames.Studies, builder => builder.Configure((RedisStorageOptions redis, Serializer serializer) =>
            (redis.ConfigurationOptions, redis.GrainStorageSerializer, redis.DeleteStateOnClear) = (Options(), new OrleansGrainStorageSerializer(serializer), true)));
    }

    private ConfigurationOptions Options()
    {
        var user = _address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var options = new ConfigurationOptions { Ssl = _address.Scheme == "rediss", AbortOnConnectFail = true, ClientName = string.Create(CultureInfo.InvariantCulture, $"reflink-{Environment.ProcessId}") };
        options.EndPoints.Add(_address.Host, Port);
        (options.User, options.Password) = user is [var name, var password] ? (name.Length > 0 ? name : null, password) : (null, null);
        return options;
    }
}
