using System.Net;
using System.Net.Sockets;

namespace Reflink.Cluster.Tests;

/// <summary>Ports of this machine that nobody listens at. They lie below those that Linux gives to connections, and each is given once, so that no two tests meet.</summary>
internal static class Ports
{
    private const int First = 20000;
    private const int Count = 12000;
    private const int EachProcess = 97;

    private static int s_next = Environment.ProcessId % (Count / EachProcess) * EachProcess;

    public static int Free()
    {
        int port;
        do
        {
            port = First + (Interlocked.Increment(ref s_next) % Count);
        }
        while (!IsFree(port));
        return port;
    }

    public static bool IsFree(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
