using Reflink.Ksm.Controls;
using Reflink.Ksm.Sets;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Runs the scanner of a domain when the machine's clock says so, as ksmd does. Simulated time passes by itself
/// only in the machine's Wait; work that processes do in between delays a wake and does not cause one.
/// </summary>
internal sealed class MergeDaemon
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // A wake that had nothing to do takes at least one tick of the kernel's clock, or time would stand still.
    private const long Jiffy = 4 * NanosecondsPerMillisecond;
    private readonly IClock _clock;
    private readonly Unmerger _unmerger;
    private readonly MergeDomain _domain;
    private readonly MergeScanner _scanner;
    private KsmRun _run;

    public MergeDaemon(IClock clock, Unmerger unmerger, MergeDomain domain, MergeScanner scanner)
    {
        (_clock, _unmerger, _domain, _scanner) = (clock, unmerger, domain, scanner);
        domain.Tunables.Woken = () => NextWake = NextWake is null ? null : clock.Now;
        domain.Tunables.AdvisorChanged = scanner.Advisor.Restart;
    }

    /// <summary>When the scanner wakes next, in nanoseconds of the machine's clock; null: not before there is something to do.</summary>
    public long? NextWake { get; private set; }

    /// <summary>What the scanner does.</summary>
    /// <exception cref="ReflinkException">ENOMEM or EIO while unmerging: some pages are still merged, and it is stopped.</exception>
    public KsmRun Run
    {
        get => _run;
        set
        {
            if (value is not (KsmRun.Stop or KsmRun.Merge or KsmRun.Unmerge))
            {
                throw new ReflinkException(Errno.EINVAL, $"run cannot be {(int)value}; it is 0 (stop), 1 (merge) or 2 (unmerge)");
            }

            if (value == _run)
            {
                return;
            }

            _run = value;
            if (value == KsmRun.Unmerge)
            {
                UnmergeAll();
            }

            Rouse();
        }
    }

    private bool HasWork => _run == KsmRun.Merge && !_domain.Slots.IsEmpty;

    /// <summary>Wakes a scanner at once that sleeps because it had nothing to do, if it has now.</summary>
    public void Rouse()
    {
        NextWake = HasWork ? NextWake ?? _clock.Now : null;
    }

    /// <summary>Looks at a batch of pages and sleeps (ksm_scan_thread).</summary>
    public void Wake()
    {
        var before = _clock.Now;
        if (HasWork)
        {
            _scanner.Scan(_domain.Tunables.PagesToScan);
        }

        var sleep = _domain.Tunables.SleepMilliseconds * NanosecondsPerMillisecond;
        var next = _clock.Now + sleep;
        NextWake = HasWork ? Math.Max(next, next == before ? before + Jiffy : next) : null;
    }

    private void UnmergeAll()
    {
        try
        {
            _scanner.UnmergeAll(_unmerger);
        }
        catch (ReflinkException)
        {
            _run = KsmRun.Stop;
            throw;
        }
    }
}
