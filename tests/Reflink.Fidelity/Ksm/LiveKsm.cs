using Reflink.Units;

namespace Reflink.Fidelity.Ksm;

/// <summary>The running kernel as a script's system.</summary>
internal sealed class LiveKsm : IKsmSystem
{
    private readonly KsmHost _host;
    private readonly SortedDictionary<int, LiveProcess> _processes = [];
    private readonly long[] _before;
    private bool _scanned;

    public LiveKsm(KsmHost host)
    {
        _host = host;
        host.Reset();
        _before = Counters();
    }

    public Errno? Apply(KsmOp op)
    {
        _scanned = op.Verb == KsmVerb.Scan;
        return op.Process == 0 ? ApplyToMachine(op) : ApplyToProcess(op);
    }

    public KsmState Observe(Errno? error) => new()
    {
        Error = error,
        Counters = [.. Counters().Zip(_before, (now, before) => now - before)],
        Processes = [.. _processes.Select(p => p.Value.Observe(p.Key, _host.ZeroFrame, _scanned))],
    };

    public void Dispose()
    {
        foreach (var process in _processes.Values)
        {
            process.Dispose();
        }

        _host.Reset();
    }

    private Errno? ApplyToMachine(KsmOp op) => op.Verb switch
    {
        KsmVerb.Scan => Scan(),
        KsmVerb.Run => Set("run", op.Value),
        KsmVerb.SmartScan => Set("smart_scan", op.Value),
        KsmVerb.UseZeroPages => Set("use_zero_pages", op.Value),
        KsmVerb.MaxPageSharing => Set("max_page_sharing", op.Value),
        KsmVerb.PagesToScan => Set("pages_to_scan", op.Value),
        KsmVerb.PruneMillisecs => Set("stable_node_chains_prune_millisecs", op.Value),
        _ => throw new ArgumentException($"{op} is nothing that a machine does"),
    };

    private Errno? ApplyToProcess(KsmOp op)
    {
        if (op.Verb == KsmVerb.Start)
        {
            return _processes.ContainsKey(op.Process) ? Errno.EEXIST : Add(op.Process, new LiveProcess(_host.NewWorker()));
        }

        if (!_processes.TryGetValue(op.Process, out var process))
        {
            return Errno.ESRCH;
        }

        if (op.Verb == KsmVerb.Fork)
        {
            return _processes.ContainsKey((int)op.Value) ? Errno.EEXIST : Add((int)op.Value, process.MakeChild());
        }

        if (op.Verb == KsmVerb.Exit)
        {
            process.Dispose();
            _processes.Remove(op.Process);
            return null;
        }

        return process.Apply(op);
    }

    private Errno? Add(int number, LiveProcess process)
    {
        _processes[number] = process;
        return null;
    }

    private Errno? Scan()
    {
        // Stopped, it would go to sleep for a reason that a change of sleep_millisecs does not end.
        if (KsmTunables.Value("run") == 1)
        {
            Native.DrainPages();
            _host.Daemon.Wake();
        }

        return null;
    }

    private Errno? Set(string name, long value)
    {
        try
        {
            _host.Tunables.Set(name, value);
            return null;
        }
        catch (IOException e) when (e.HResult is > 0 and < 4096)
        {
            return (Errno)e.HResult;
        }
    }

    private static long[] Counters() =>
    [
        .. KsmState.Names[..^1].Select(KsmTunables.Value),
        long.Parse(File.ReadLines("/proc/vmstat").First(l => l.StartsWith("cow_ksm ", StringComparison.Ordinal))[8..]),
    ];
}
