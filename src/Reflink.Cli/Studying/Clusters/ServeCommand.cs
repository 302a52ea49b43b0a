using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Reflink.Studies.Clusters;
using Reflink.Studies.Experiments;

namespace Reflink.Cli.Studying.Clusters;

/// <summary>Starts a silo: a member of a cluster that runs studies.</summary>
internal sealed class ServeCommand : Command, IHasExamples
{
    /// <summary>The rest is for results on their way, for the system and for others.</summary>
    private const int MemoryPercent = 70;

    private readonly Option<string> _join = OptionKinds.Words(
        "--join", "localhost", "PLACE", "Where the silos of the cluster meet: localhost or localhost:PORT for silos of this machine, redis://HOST:PORT or postgres://USER:PASSWORD@HOST:PORT/DATABASE for those of several", text => text.Length > 0, "a place such as localhost or redis://HOST:PORT");

    private readonly Option<string> _listen = OptionKinds.Words(
        "--listen", "127.0.0.1", "ADDRESS", "The address of this machine that clients ask at", text => System.Net.IPAddress.TryParse(text, out _), "an address such as 127.0.0.1");

    private readonly Option<int?> _port = OptionKinds.OptionalCount("--port", string.Create(CultureInfo.InvariantCulture, $"The port that clients ask at; {SiloSettings.UsualPort} without it, or any if that is taken"));
    private readonly Option<string?> _address = new("--address") { Description = "The address of this machine that other silos reach it at; without it the one that leads to where they meet", HelpName = "ADDRESS" };
    private readonly Option<int?> _siloPort = OptionKinds.OptionalCount("--silo-port", "The port that other silos reach this one at; any without it");
    private readonly Option<int> _cores = OptionKinds.Count("--cores", Environment.ProcessorCount, "Runs at a time");
    private readonly Option<ByteSize?> _memory = OptionKinds.OptionalSize("--memory", "How much memory the machines of runs may have together; 70 % of what this system has without it");
    private readonly Option<string?> _results = OptionKinds.Path("--results", "The folder in which silos keep studies and their results; one in the temporary folder without it", "FOLDER");

    private readonly Option<string?> _certificate = OptionKinds.Path("--tls-cert", "Talk to clients and to other silos with TLS: the file with the certificate of the cluster and its private key, as PEM; all silos have the same");
    private readonly Option<string?> _token = OptionKinds.Path("--token-file", "Answer those clients alone who know the secret in this file");
    private readonly Option<string?> _telemetry = new("--otlp") { Description = "Send measurements of Orleans and of the worker to this collector of OpenTelemetry", HelpName = "URL" };
    private readonly Option<bool> _dashboard = new("--dashboard") { Description = "Show Orleans' dashboard at /dashboard" };

    public ServeCommand()
        : base("serve", "Starts a silo, a member of a cluster that runs studies; it prints the address for 'reflink study run --cluster'. It runs until it is interrupted, and hands back what it has not finished.")
    {
        Options.Add(_join);
        Options.Add(_listen);
        Options.Add(_port);
        Options.Add(_address);
        Options.Add(_siloPort);
        Options.Add(_cores);
        Options.Add(_memory);
        Options.Add(_results);
        Options.Add(_certificate);
        Options.Add(_token);
        Options.Add(_telemetry);
        Options.Add(_dashboard);
        _address.Validators.Add(result =>
        {
            if (!System.Net.IPAddress.TryParse(result.Tokens[0].Value, out _))
            {
                result.AddError($"--address takes an address such as 192.168.1.7; not '{result.Tokens[0].Value}'");
            }
        });
        _telemetry.Validators.Add(result =>
        {
            if (!ClusterClient.IsGood(result.Tokens[0].Value))
            {
                result.AddError($"--otlp takes the address of a collector such as http://127.0.0.1:4317; not '{result.Tokens[0].Value}'");
            }
        });
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink study serve", "a cluster of one silo, on this machine"),
        ("reflink study serve --cores 1", "typed in a second terminal: another silo of the same cluster"),
        ("reflink study serve --join redis://head:6379 --listen 0.0.0.0", "typed on each of several machines, of which the one named head runs Redis"),
        ("reflink study run clones --cluster http://127.0.0.1:7411", "a study on it, typed in a third"),
    ];

    private int Run(ParseResult line) => SiloProcess.Become(JsonSerializer.Serialize(
        new SiloSettings
        {
            Join = line.GetValue(_join)!,
            Listen = line.GetValue(_listen)!,
            Port = line.GetValue(_port),
            Address = line.GetValue(_address),
            SiloPort = line.GetValue(_siloPort),
            Cores = line.GetValue(_cores),
            Memory = line.GetValue(_memory) is { } size ? size.Bytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 100 * MemoryPercent,
            Certificate = FullPath(line.GetValue(_certificate)),
            Token = FullPath(line.GetValue(_token)),
            Telemetry = line.GetValue(_telemetry),
            HasDashboard = line.GetValue(_dashboard),
            Results = FullPath(line.GetValue(_results)),
        },
        ClusterClient.Json));

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
