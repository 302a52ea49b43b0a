using Reflink.Cli.Tests;

namespace Reflink.Cluster.Tests;

/// <summary>Silos of one cluster. Disposing kills those that still run.</summary>
internal sealed class Silos(string join, params string[] options) : IDisposable
{
    private readonly List<Silo> _silos = [];

    /// <summary>A cluster of this machine that keeps what it has in a folder.</summary>
    public static Silos In(ScratchFolder folder) => new($"localhost:{Ports.Free()}", "--results", folder.Of("state"));

    /// <summary>The addresses of all, as --cluster takes them.</summary>
    public string Addresses => string.Join(',', _silos.Select(silo => silo.Address));

    /// <summary>Those that run.</summary>
    public IReadOnlyList<Silo> Running => [.. _silos.Where(silo => !silo.Process.HasExited)];

    /// <summary>Starts another one, and waits until all know it.</summary>
    public Silo Start(params string[] more) => StartAt(Ports.Free(), more);

    /// <summary>Starts one where a former one was asked.</summary>
    public Silo StartAt(int port, params string[] more) => Start(port, Cli.Tests.Cli.Start(Line(port, more)));

    /// <summary>Starts one whose temporary files are to be in a folder, which need not be there.</summary>
    public Silo StartWithTemporaryFiles(string folder)
    {
        var port = Ports.Free();
        return Start(port, Cli.Tests.Cli.StartWithTemporaryFiles(folder, Line(port)));
    }

    public void Dispose() => _silos.ForEach(silo => silo.Dispose());

    private string[] Line(int port, params string[] more) => ["study", "serve", "--join", join, "--port", $"{port}", .. options, .. more];

    private Silo Start(int port, RunningCli process)
    {
        var silo = new Silo(process, $"{(options.Contains("--tls-cert") ? "https" : "http")}://127.0.0.1:{port}");
        _silos.Add(silo);
        silo.Process.WaitUntil(() => Running.All(running => running.Health()?.Count == Running.Count));
        return silo;
    }
}
