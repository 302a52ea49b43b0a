using System.Diagnostics;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// The running kernel made ready for scripts, one after the other: KSM's control files, ksmd in steps, a worker that all others are
/// forked from, and one with an empty mapping that is advised, so that ksmd always has a process to visit and no page of it.
/// </summary>
public sealed class KsmHost : IDisposable
{
    private const int IgnoreChildren = 13;
    private const int ChildSignal = 17;
    private readonly KsmTunables _tunables;
    private readonly Worker _first;
    private readonly Worker _visited;
    private readonly WorkerFiles _files;

    private KsmHost(KsmTunables tunables)
    {
        _tunables = tunables;
        WorkerFiles? files = null;
        _first = Start(worker => files = new WorkerFiles(worker));
        _files = files!;
        // Handler 1 (ignore), no flags, no mask: ended children leave nothing behind.
        Span<byte> action = stackalloc byte[32];
        action.Clear();
        action[0] = 1;
        _files.Put(action);
        var stack = _first.OwnMappings().Last().Start;
        _first.Must(17, WorkerFiles.Scratch, stack, 32, 0);
        _first.Must(IgnoreChildren, ChildSignal, stack, 0, 8);
        _visited = _first.MakeChild();
        _visited.Must(LiveProcess.Map, LiveProcess.Base, 4096, 3, 0x22, ulong.MaxValue, 0);
        _visited.Must(LiveProcess.Advise, LiveProcess.Base, 4096, 12);
        ZeroFrame = ZeroPage.FindFrame();
        MapsZeroPage = new LiveProcess(_first.MakeChild()).LoadsFrom(ZeroFrame);
        Daemon = new KsmDaemon(tunables);
    }

    /// <summary>Makes one; null, and why, where that cannot be done.</summary>
    public static KsmHost? TryMake(out string why)
    {
        if (KsmTunables.TryTake(out why) is not { } tunables)
        {
            return null;
        }

        try
        {
            return new KsmHost(tunables);
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            why = e.Message;
            tunables.Dispose();
            return null;
        }
    }

    /// <summary>A system for one script. Dispose of it before the next.</summary>
    public IKsmSystem Begin() => new LiveKsm(this);

    /// <summary>Whether this kernel shows the page of zeroes to loads from anonymous memory that was never written.</summary>
    public bool MapsZeroPage { get; }

    internal KsmDaemon Daemon { get; }

    internal ulong ZeroFrame { get; }

    internal KsmTunables Tunables => _tunables;

    internal Worker NewWorker() => _first.MakeChild();

    /// <summary>Everything as a script finds it: nothing merged, nothing counted, the defaults.</summary>
    internal void Reset()
    {
        _files.Reset();
        _tunables.Set("run", 0);
        _tunables.Set("run", 2);
        _tunables.Set("run", 0);
        _tunables.Set("pages_to_scan", 100);
        _tunables.Set("max_page_sharing", 256);
        _tunables.Set("use_zero_pages", 0);
        _tunables.Set("smart_scan", 1);
        _tunables.Set("stable_node_chains_prune_millisecs", 2000);
    }

    /// <summary>Gives everything back.</summary>
    public void Dispose()
    {
        _tunables.Dispose();
        _visited.Dispose();
        _first.Dispose();
        _files.Dispose();
    }

    private static Worker Start(Func<Worker, WorkerFiles> files)
    {
        var path = Path.Combine(Path.GetTempPath(), $"reflink-ksm-worker-{Environment.ProcessId}");
        try
        {
            File.WriteAllBytes(path, WorkerImage.Make());
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var process = Process.Start(new ProcessStartInfo(path) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            return new Worker(process.Id, process.StandardInput.BaseStream, process.StandardOutput.BaseStream, files);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
