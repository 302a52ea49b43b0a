using System.Net;
using Npgsql;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Studies.Clusters;
using Reflink.Units;

namespace Reflink.Cluster.Joining;

/// <summary>Silos of several machines that share a database of PostgreSQL: it has the list of silos and the state of studies, in tables of its own.</summary>
internal sealed class PostgresPlace : MeetingPlace
{
    private readonly SiloSettings _settings;
    private readonly NpgsqlConnectionStringBuilder _address;

    /// <summary>Reads <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE</c>; only the host must be there.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is something else.</exception>
    public PostgresPlace(SiloSettings settings)
    {
        _settings = settings;
        if (!Uri.TryCreate(settings.Join, UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"--join takes postgres://USER:PASSWORD@HOST:PORT/DATABASE, not '{settings.Join}'");
        }

        var user = address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        _address = new NpgsqlConnectionStringBuilder { Host = address.Host, Port = address.Port > 0 ? address.Port : NpgsqlConnection.DefaultPort };
        _address.Username = user[0].Length > 0 ? user[0] : "postgres";
        _address.Password = user is [_, var password] ? password : null;
        _address.Database = address.AbsolutePath.Trim('/') is { Length: > 0 } database ? Uri.UnescapeDataString(database) : _address.Username;
    }

    public override string Name => $"postgres://{_address.Host}:{_address.Port}/{_address.Database}{(Folder is null ? "" : $", large results in {Folder}")}";

    public override string? Folder => _settings.Results;

    public override void Configure(ISiloBuilder silo)
    {
        var own = _settings.Address is { } named ? IPAddress.Parse(named) : Ports.AddressTowards(_address.Host!, _address.Port);
        silo.ConfigureEndpoints(own, _settings.SiloPort ?? Ports.Free(), gatewayPort: 0);
        silo.Services.AddSingleton(_ => NpgsqlDataSource.Create(_address)).AddSingleton<PostgresTables>().AddSingleton<IMembershipTable, PostgresMembership>();
        silo.Services.AddGrainStorage(StoreNames.Studies, (services, _) => new PostgresStorage(services.GetRequiredService<PostgresTables>(), services.GetRequiredService<Serializer>()));
    }
}
