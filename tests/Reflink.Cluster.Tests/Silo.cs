using System.Text.Json;
using System.Text.Json.Nodes;
using Reflink.Cli.Tests;
using Reflink.Studies.Clusters;

namespace Reflink.Cluster.Tests;

/// <summary>A silo that 'reflink study serve' started.</summary>
internal sealed class Silo(RunningCli process, string address) : IDisposable
{
    // Tests know whom they ask, whatever the certificate says.
    private readonly HttpClient _http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });

    public RunningCli Process { get; } = process;

    /// <summary>Where clients ask it.</summary>
    public string Address { get; } = address;

    /// <summary>How silos call it, and how many of them it knows; null while it does not answer.</summary>
    public (string Name, int Count)? Health()
    {
        try
        {
            var health = JsonNode.Parse(_http.GetStringAsync(new Uri($"{Address}/health")).GetAwaiter().GetResult())!;
            return (health["silo"]!.GetValue<string>(), health["silos"]!.AsArray().Count);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The one study of the cluster; null while the cluster cannot say.</summary>
    public StudyStatus? Study()
    {
        try
        {
            return JsonSerializer.Deserialize<StudyStatus[]>(_http.GetStringAsync(new Uri($"{Address}/studies")).GetAwaiter().GetResult(), ClusterClient.Json)!.SingleOrDefault();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What it answers a client without a secret.</summary>
    public HttpResponseMessage Ask(string path) => _http.GetAsync(new Uri($"{Address}/{path}")).GetAwaiter().GetResult();

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        Process.Signal(9);
        _ = Process.Finish();
    }

    public void Dispose()
    {
        Process.Dispose();
        _http.Dispose();
    }
}
