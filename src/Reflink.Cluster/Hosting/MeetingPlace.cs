using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Reflink.Units;

namespace Reflink.Cluster.Hosting;

/// <summary>Where silos of one machine meet: the first one is at the port itself, others take any port and join it.</summary>
/// <param name="First">The address of the first silo.</param>
/// <param name="Port">The port of this one.</param>
internal sealed record MeetingPlace(IPEndPoint First, int Port)
{
    /// <summary>Reads <c>localhost</c> or <c>localhost:PORT</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is something else.</exception>
    public static MeetingPlace Of(string join, int usual)
    {
        var parts = join.Split(':');
        var port = usual;
        if (parts[0] != "localhost" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is < 1 or > ushort.MaxValue)
        {
            throw new ReflinkException(Errno.EINVAL, $"--join takes localhost or localhost:PORT, not '{join}'");
        }

        return new MeetingPlace(new IPEndPoint(IPAddress.Loopback, port), IsFree(port) ? port : FreePort());
    }

    /// <summary>Whether nobody listens at a port of this machine.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>A port of this machine that nobody listens at.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
