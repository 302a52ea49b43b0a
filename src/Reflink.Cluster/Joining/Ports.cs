using System.Net;
using System.Net.Sockets;

namespace Reflink.Cluster.Joining;

/// <summary>Ports and addresses of this machine.</summary>
internal static class Ports
{
    /// <summary>Whether nobody listens at a port of the loopback.</summary>
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

    /// <summary>A port that nobody listens at.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The address of this machine from which a host is reached. Nothing is sent.</summary>
    /// <exception cref="SocketException">The host has no address, or there is no way to it.</exception>
    public static IPAddress AddressTowards(string host, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(host, port);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }
}
