using System.Diagnostics;
using Reflink.Fidelity.Ksm;

namespace Reflink.Benchmarks.Merging;

/// <summary>The running kernel's ksmd, a whole pass at a time, and the time that it takes of a processor. Nobody else drives it meanwhile.</summary>
internal sealed class LiveKsm : IDisposable
{
    private const int More = 1_000_000_000;
    private readonly KsmTunables _tunables;
    private readonly MergeProcess _visited;
    private readonly KsmDaemon _daemon;
    private readonly string _schedule;

    private LiveKsm(KsmTunables tunables)
    {
        _tunables = tunables;
        var ksmd = Process.GetProcessesByName("ksmd").Single();
        _schedule = $"/proc/{ksmd.Id}/schedstat";
        tunables.Set("run", 0);
        tunables.Set("pages_to_scan", More);
        tunables.Set("smart_scan", 0);
        // Somebody to visit, with nothing to be seen, or ksmd would not wait for its sleep to end.
        _visited = new MergeProcess(PageLayout.Different, 0);
        try
        {
            _daemon = new KsmDaemon(tunables);
        }
        catch (IOException)
        {
            _visited.Dispose();
            throw;
        }
    }

    /// <summary>Takes it; null, and why, where that cannot be done.</summary>
    public static LiveKsm? TryTake(out string why)
    {
        if (KsmTunables.TryTake(out why) is not { } tunables)
        {
            return null;
        }

        try
        {
            return new LiveKsm(tunables);
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            why = e.Message;
            tunables.Dispose();
            return null;
        }
    }

    /// <summary>One whole pass; returns the nanoseconds that ksmd had a processor for it.</summary>
    public long Pass()
    {
        var before = TimeUsed();
        _daemon.Wake();
        return TimeUsed() - before;
    }

    /// <summary>What the kernel counts: pages_shared, pages_sharing, pages_unshared, pages_volatile.</summary>
    public static (long Shared, long Sharing, long Unshared, long Volatile) Counts => (
        KsmTunables.Value("pages_shared"), KsmTunables.Value("pages_sharing"), KsmTunables.Value("pages_unshared"), KsmTunables.Value("pages_volatile"));

    public void Dispose()
    {
        _tunables.Dispose();
        _visited.Dispose();
    }

    private long TimeUsed() => long.Parse(File.ReadAllText(_schedule).Split(' ')[0]);
}
