using System.Globalization;
using System.Net;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Reflink.Cluster.Grains;
using Reflink.Cluster.Storage;
using Reflink.Studies.Clusters;
using Reflink.Units;

namespace Reflink.Cluster.Joining;

/// <summary>Silos of one machine: the first one is at the port itself, and knows who there is; others take any port and join it. State is in files.</summary>
internal sealed class LocalPlace : MeetingPlace
{
    private readonly IPEndPoint _first;
    private readonly string _folder;

    /// <summary>Reads <c>localhost</c> or <c>localhost:PORT</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is something else.</exception>
    public LocalPlace(SiloSettings settings)
    {
        var parts = settings.Join.Split(':');
        var port = SiloSettings.UsualMeetingPort;
        if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is < 1 or > ushort.MaxValue)
        {
            throw new ReflinkException(Errno.EINVAL, $"--join takes localhost:PORT with a port from 1 to {ushort.MaxValue}, not '{settings.Join}'");
        }

        _first = new IPEndPoint(IPAddress.Loopback, port);
        _folder = settings.Results ?? Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"reflink-cluster-{Environment.UserName}-{port}"));
    }

    public override string Name => $"localhost:{_first.Port}, results in {_folder}";

    public override string Folder => _folder;

    public override void Configure(ISiloBuilder silo)
    {
        silo.UseDevelopmentClustering(_first);
        silo.ConfigureEndpoints(IPAddress.Loopback, Ports.IsFree(_first.Port) ? _first.Port : Ports.Free(), gatewayPort: 0);
        silo.Services.AddGrainStorage(StoreNames.Studies, (services, _) => new FileStorage(Path.Combine(_folder, "state"), services.GetRequiredService<Serializer>()));
    }
}
