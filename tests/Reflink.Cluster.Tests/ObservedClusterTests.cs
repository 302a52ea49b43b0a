using System.Net;
using System.Net.Sockets;
using System.Text;
using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>What people see of a silo besides studies.</summary>
public sealed class ObservedClusterTests : IDisposable
{
    private readonly ScratchFolder _folder = new("cluster");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_dashboard_is_shown_to_who_asks_for_it()
    {
        using var silos = Silos.In(_folder);
        using var with = silos.Start("--dashboard").Ask("dashboard/");
        using var without = silos.Start("--cores", "1").Ask("dashboard/");

        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
        Assert.Contains("<html", await with.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.NotFound, without.StatusCode);
    }

    [Fact]
    public void Measurements_go_to_a_collector_at_the_latest_when_the_silo_ends()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        using var silos = Silos.In(_folder);
        var silo = silos.Start("--otlp", $"http://{collector.LocalEndpoint}");

        silo.Process.Signal(RunningCli.Terminate);
        using var connection = collector.AcceptTcpClient();

        // OTLP over gRPC begins as all of HTTP/2 does.
        var preface = new byte[16];
        connection.GetStream().ReadExactly(preface);
        Assert.Equal("PRI * HTTP/2.0\r\n", Encoding.ASCII.GetString(preface));
    }
}
