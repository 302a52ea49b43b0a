namespace Reflink.Studies.Clusters;

/// <summary>How a silo is started: what 'reflink study serve' hands to the program that is one.</summary>
public sealed record SiloSettings
{
    /// <summary>The port that silos are asked at unless told otherwise.</summary>
    public const int UsualPort = 7411;

    /// <summary>The port that silos of one machine meet at unless told otherwise.</summary>
    public const int UsualMeetingPort = 11111;

    /// <summary>Where silos meet, and where the state of studies is kept: <c>localhost</c>, with a port or without, <c>redis://HOST:PORT</c> or <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE</c>.</summary>
    public string Join { get; init; } = "localhost";

    /// <summary>The address that clients ask at.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The port that clients ask at; null for the usual one, or any if that is taken.</summary>
    public int? Port { get; init; }

    /// <summary>The address of this machine that other silos reach it at; null for the one that leads to where silos meet.</summary>
    public string? Address { get; init; }

    /// <summary>The port that other silos reach this one at; null for any.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Runs at a time; 0 for none, so that the silo only keeps results.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>How much memory the machines of runs may have together, in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>A file with the certificate of the cluster and its private key, as PEM: clients and silos are talked to with TLS; null for without.</summary>
    public string? Certificate { get; init; }

    /// <summary>A file with the secret that clients must know; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Where measurements go, as OTLP; null for nowhere.</summary>
    public string? Telemetry { get; init; }

    /// <summary>Whether Orleans' dashboard is shown to clients.</summary>
    public bool HasDashboard { get; init; }

    /// <summary>The folder that silos share for results; null for one in the temporary folder, where silos are on one machine, and elsewhere for none.</summary>
    public string? Results { get; init; }
}
