using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using Reflink.Cluster.Hosting;
using Reflink.Studies.Clusters;
using StackExchange.Redis;

namespace Reflink.Cluster;

/// <summary>The program that 'reflink study serve' becomes. Its one argument is how the silo is started, as JSON.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var text])
        {
            Console.Error.WriteLine("reflink: this program is started by 'reflink study serve'; 'reflink study serve --help' tells more");
            return 2;
        }

        try
        {
            return await SiloProgram.Run(JsonSerializer.Deserialize<SiloSettings>(text, ClusterClient.Json)!);
        }
        catch (Exception e) when (e is ReflinkException or IOException or SocketException or RedisConnectionException or DbException or OrleansException)
        {
            Console.Error.WriteLine($"reflink: {e.Message}");
            return 1;
        }
    }
}
