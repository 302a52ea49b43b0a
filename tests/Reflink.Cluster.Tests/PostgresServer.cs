using System.Diagnostics;

namespace Reflink.Cluster.Tests;

/// <summary>A PostgreSQL of its own on a free port. It does not run as root, so root starts it as the user of Debian's package.</summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Programs = "/usr/lib/postgresql";
    private const string User = "postgres";

    private readonly Process _process;

    private PostgresServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>How silos join it.</summary>
    public string Join => $"postgres://{User}@127.0.0.1:{Port}/{User}";

    /// <summary>Starts one; where PostgreSQL is not installed the test is skipped.</summary>
    public static PostgresServer Start(ScratchFolder folder)
    {
        var programs = Directory.Exists(Programs) ? Directory.EnumerateDirectories(Programs).Order(StringComparer.Ordinal).LastOrDefault() : null;
        Skip.If(programs is null, "PostgreSQL is not installed; 'apt-get install postgresql' installs it");
        var (data, port) = (folder.Of("data"), Ports.Free());
        Directory.CreateDirectory(data);
        if (Environment.IsPrivilegedProcess)
        {
            Succeed(Process.Start("chmod", ["711", folder.Path]));
            Succeed(Process.Start("chown", [User, data]));
        }

        Succeed(Run($"{programs}/bin/initdb", "--auth", "trust", "--username", User, "--no-sync", "--pgdata", data));
        var process = Run($"{programs}/bin/postgres", "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off");
        while (Ports.IsFree(port))
        {
            Assert.False(process.HasExited, "PostgreSQL ended at once");
            Thread.Sleep(20);
        }

        return new PostgresServer(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Succeed(Process process)
    {
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        process.Dispose();
    }

    private static Process Run(params string[] line) =>
        Environment.IsPrivilegedProcess ? Process.Start("setpriv", ["--reuid", User, "--regid", User, "--clear-groups", .. line]) : Process.Start(line[0], line[1..]);
}
