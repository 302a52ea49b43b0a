using Reflink.Ksm.Controls;
using Reflink.Ksm.Sets;
using Reflink.Units;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// Runs a domain's scanner: when the machine's clock says so, as ksmd does, or by whole passes. Simulated time passes by itself
/// only in the machine's Wait; work that processes do in between delays a wake, it does not let one in.
/// </summary>
internal sealed class MergeDaemon
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // A wake that had nothing to do takes a tick of the kernel's clock at the least, or time would stand still.
    private const long Jiffy = 4 * NanosecondsPerMillisecond;
    private readonly MergeServices _services;
    private readonly MergeDomain _domain;
    private readonly MergeScanner _scanner;
    private KsmRun _run;

    public MergeDaemon(MergeServices services, MergeDomain domain, AccountId account, Func<long> timeUsed)
    {
        (_services, _domain) = (services, domain);
        _scanner = new MergeScanner(services, domain, account) { TimeUsed = timeUsed };
        domain.Tunables.Woken = () => NextWake = NextWake is null ? null : services.Clock.Now;
        domain.Tunables.AdvisorChanged = _scanner.Advisor.Restart;
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

    /// <summary>Something may have come up for a scanner that sleeps until then: it wakes at once.</summary>
    public void Rouse()
    {
        NextWake = HasWork ? NextWake ?? _services.Clock.Now : null;
    }

    /// <summary>Wakes: looks at as many pages as are set, and sleeps.</summary>
    public void Wake()
    {
        var before = _services.Clock.Now;
        if (HasWork)
        {
            _scanner.Scan(_domain.Tunables.PagesToScan);
        }

        var sleep = _domain.Tunables.SleepMilliseconds * NanosecondsPerMillisecond;
        var next = _services.Clock.Now + sleep;
        NextWake = HasWork ? Math.Max(next, next == before ? before + Jiffy : next) : null;
    }

    /// <summary>Looks at everything up to the end of the pass, whatever is set to run.</summary>
    /// <returns>Whether a pass ended; there is none without processes that may be merged.</returns>
    public bool Pass() => _scanner.Scan(uint.MaxValue);

    /// <summary>Merged pages are about to be gone.</summary>
    public void Dies(BlockNumber first, long count) => _scanner.Dies(first, count);

    private void UnmergeAll()
    {
        try
        {
            _scanner.UnmergeAll();
        }
        catch (ReflinkException)
        {
            _run = KsmRun.Stop;
            throw;
        }
    }
}
