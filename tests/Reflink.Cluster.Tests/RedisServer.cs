using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Reflink.Cluster.Tests;

/// <summary>A Redis of its own on a free port, which keeps nothing on the disk.</summary>
internal sealed partial class RedisServer : IDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;

    private readonly Process _process;

    private RedisServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>How silos join it.</summary>
    public string Join => $"redis://127.0.0.1:{Port}";

    /// <summary>Starts one; where Redis is not installed the test is skipped.</summary>
    public static RedisServer Start(ScratchFolder folder)
    {
        const string Program = "/usr/bin/redis-server";
        Skip.IfNot(File.Exists(Program), "redis-server is not installed; 'apt-get install redis-server' installs it");
        var port = Ports.Free();
        var process = Process.Start(Program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path, "--logfile", folder.Of("redis.log")]);
        while (Ports.IsFree(port))
        {
            Assert.False(process.HasExited, "redis-server ended at once");
            Thread.Sleep(20);
        }

        return new RedisServer(process, port);
    }

    /// <summary>Lets it answer nobody.</summary>
    public void Pause() => Assert.Equal(0, kill(_process.Id, Stop));

    /// <summary>Lets it answer again.</summary>
    public void Resume() => Assert.Equal(0, kill(_process.Id, Continue));

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
