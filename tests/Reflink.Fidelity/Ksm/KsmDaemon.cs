using System.Diagnostics;

namespace Reflink.Fidelity.Ksm;

/// <summary>
/// The running kernel's ksmd, batch by batch. Its sleep is an hour, and a change of sleep_millisecs ends a sleep: a change is a batch.
/// That it has slept since (its voluntary switches), and sleeps now in its own loop, says that the batch is done.
/// </summary>
internal sealed class KsmDaemon
{
    private const long Hour = 3_600_000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly KsmTunables _tunables;
    private readonly int _id = Find();
    private long _sleep = Hour;

    /// <summary>Takes it over. There must be a process that has advised a mapping, or it would not wait for the sleep to end.</summary>
    public KsmDaemon(KsmTunables tunables)
    {
        _tunables = tunables;
        tunables.Set("sleep_millisecs", _sleep);
        tunables.Set("run", 1);
        // It may have been asleep for want of anything to do, which run ends, or between two batches.
        for (var tries = 0; !Stepped(); tries++)
        {
            if (tries == 20)
            {
                throw new IOException("ksmd does not wake when sleep_millisecs changes");
            }
        }
    }

    /// <summary>Wakes it for one batch, and waits until it sleeps again.</summary>
    public void Wake()
    {
        var before = Switches();
        _tunables.Set("sleep_millisecs", _sleep = Hour + 1 - (_sleep - Hour));
        var watch = Stopwatch.StartNew();
        while (Switches() == before || !Sleeps())
        {
            if (watch.Elapsed > s_patience)
            {
                throw new IOException("ksmd does not sleep again");
            }

            // A short batch is over at once; a long one is not to be kept from its processor by who waits for it.
            if (watch.ElapsedMilliseconds < 2)
            {
                Thread.Yield();
            }
            else
            {
                Thread.Sleep(1);
            }
        }
    }

    private bool Stepped()
    {
        Thread.Sleep(20);
        var before = KsmTunables.Value("full_scans");
        _tunables.Set("sleep_millisecs", _sleep = Hour + 1 - (_sleep - Hour));
        Thread.Sleep(20);
        return KsmTunables.Value("full_scans") == before + 1 && Sleeps();
    }

    private long Switches() => long.Parse(Line("voluntary_ctxt_switches:"));

    private bool Sleeps() => Line("State:").StartsWith('S') && File.ReadAllText($"/proc/{_id}/wchan") == "ksm_scan_thread";

    private string Line(string name) => File.ReadLines($"/proc/{_id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();

    private static int Find() => Process.GetProcessesByName("ksmd") is [var one] ? one.Id : throw new IOException("ksmd is not to be found");
}
