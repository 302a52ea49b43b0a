namespace Reflink.Cache;

/// <summary>
/// The daemon that reclaims memory before there is none (balance_pgdat and kswapd, mm/vmscan.c): woken when few pages are free, it works on a processor of its own until enough
/// are. It keeps pace with the machine's clock: what it did not get to yet, those who need memory meanwhile do themselves.
/// </summary>
internal sealed class Kswapd(FramePool pool, Reclaimer reclaimer, Meter meter, IClock clock) : IDaemon
{
    // MAX_RECLAIM_RETRIES: so many rounds in which nothing left, and it waits for others to have more luck.
    private const int MaxFailures = 16;

    // A tenth of a second: waking sooner after falling asleep counts as too quickly.
    private const long ShortSleep = 100_000_000;

    private bool _isAwake;
    private long _workedUntil;
    private long _sleepsSince = long.MinValue;
    private int _failures;

    // Pages that it reclaimed since it looked whether all are young.
    private long _sinceLook;

    /// <summary>The account that pays for its work.</summary>
    public AccountId Account { get; } = meter.Open();

    /// <summary>How few free pages wake it, and how many send it to sleep.</summary>
    public Watermarks Marks { get; set; }

    /// <summary>How often it was woken (pageoutrun).</summary>
    public long Runs { get; private set; }

    /// <summary>How often it was woken within a tenth of a second after it had freed enough (kswapd_low_wmark_hit_quickly).</summary>
    public long WokenQuickly { get; private set; }

    /// <summary>Whether it is at work.</summary>
    public bool IsAwake => _isAwake;

    /// <summary>Whether all that could leave was used too lately, so that whoever takes memory next is to end a process (lru_gen_age_node). Ending one here would be in the middle of a call.</summary>
    public bool WantsProcessEnded { get; set; }

    /// <inheritdoc/>
    public long? NextWake => _isAwake ? _workedUntil : null;

    /// <summary>Few pages are free: it begins to work now, unless it has found that nothing can leave.</summary>
    public void WakeUp()
    {
        if (_isAwake || _failures >= MaxFailures)
        {
            return;
        }

        _isAwake = true;
        _workedUntil = Math.Max(_workedUntil, clock.Now);
        Runs++;
        WokenQuickly += _sleepsSince != long.MinValue && clock.Now - _sleepsSince < ShortSleep ? 1 : 0;
        meter.Tracing?.KswapdWoke(Account, _workedUntil);
        reclaimer.Begin();
        Look();
    }

    /// <summary>Somebody else reclaimed something, so it is worth trying again.</summary>
    public void Encourage() => _failures = 0;

    /// <summary>Does what it has had time for until now.</summary>
    public void CatchUp()
    {
        while (_isAwake && _workedUntil <= clock.Now)
        {
            Wake();
        }
    }

    /// <inheritdoc/>
    public void Wake()
    {
        if (pool.Free > Marks.High || _failures >= MaxFailures)
        {
            (_isAwake, _sleepsSince) = (false, _workedUntil);
            meter.Tracing?.KswapdSleeps(Account, _workedUntil);
            return;
        }

        var (cost, payer, evicted) = (meter.Cost, meter.Charge(Account), reclaimer.Evictions);
        meter.Events.Beside = _workedUntil - clock.Now;
        try
        {
            _failures = reclaimer.ReclaimBatch(ReclaimedBy.Kswapd) ? 0 : _failures + 1;
        }
        finally
        {
            (meter.Events.Beside, _) = (0, meter.Charge(payer));
            _workedUntil = Math.Max(_workedUntil + meter.TakeBeside(cost), reclaimer.BusyUntil ?? 0);
        }

        _sinceLook += reclaimer.Evictions - evicted;
        if (_sinceLook >= Marks.High)
        {
            Look();
        }
    }

    // At the beginning, and after each round (kswapd_age_node), which wants as many pages as the high mark says.
    private void Look() => (_sinceLook, WantsProcessEnded) = (0, WantsProcessEnded || reclaimer.IsAllYoung);
}
