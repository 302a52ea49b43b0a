using System.Text.Json.Nodes;
using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>Silos of one cluster, each a process that 'reflink study serve' started. Disposing kills those that still run.</summary>
internal sealed class Silos(string join, params string[] options) : IDisposable
{
    private readonly List<(RunningCli Process, string Address)> _silos = [];
    private readonly HttpClient _http = new();

    /// <summary>A cluster of this machine that keeps what it has in a folder.</summary>
    public static Silos In(ScratchFolder folder) => new($"localhost:{Ports.Free()}", "--results", folder.Of("state"));

    /// <summary>The addresses of all, as --cluster takes them.</summary>
    public string Addresses => string.Join(',', _silos.Select(silo => silo.Address));

    /// <summary>Starts another one, and waits until the cluster knows it.</summary>
    public RunningCli Start(params string[] more)
    {
        var port = Ports.Free();
        var process = Cli.Tests.Cli.Start(["study", "serve", "--join", join, "--port", $"{port}", .. options, .. more]);
        _silos.Add((process, $"http://127.0.0.1:{port}"));
        var count = _silos.Count(silo => !silo.Process.HasExited);
        process.WaitUntil(() => _silos.Where(silo => !silo.Process.HasExited).All(silo => CountSeenBy(silo.Address) == count));
        return process;
    }

    public void Dispose()
    {
        _silos.ForEach(silo => silo.Process.Dispose());
        _http.Dispose();
    }

    private int CountSeenBy(string address)
    {
        try
        {
            return JsonNode.Parse(_http.GetStringAsync(new Uri($"{address}/health")).GetAwaiter().GetResult())!["silos"]!.AsArray().Count;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
