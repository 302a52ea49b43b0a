using Reflink.Ksm.Controls;

namespace Reflink.Ksm.Scanning;

/// <summary>
/// The scan-time advisor (scan_time_advisor, mm/ksm.c): after each pass it sets how many pages a batch has, so that a pass takes the
/// target time. It computes with integers as the kernel does, so its moving average approaches 97 % and never 100.
/// </summary>
internal sealed class ScanAdvisor(KsmTunables tunables)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long Lowest = 10;
    private long _startedAt;
    private long _cpuBefore;
    private long _lastScanTime;
    private long _change;

    /// <summary>Starts anew, after the advisor was switched on or off.</summary>
    public void Restart()
    {
        (_startedAt, _cpuBefore, _lastScanTime, _change) = (0, 0, 0, 0);
        tunables.Advise(tunables.AdvisorMode == AdvisorMode.None ? 100 : (uint)Math.Min(tunables.AdvisorMinPagesToScan, uint.MaxValue));
    }

    /// <summary>Notes that a pass begins. An advisor that is switched on in the middle of a pass takes the uptime of the machine for the time of that pass, as in Linux.</summary>
    public void PassBegins(long now)
    {
        if (tunables.AdvisorMode != AdvisorMode.None)
        {
            _startedAt = now;
        }
    }

    /// <summary>Sets the pages of a batch after a pass.</summary>
    /// <param name="now">Nanoseconds of the machine's clock.</param>
    /// <param name="cpu">Nanoseconds of processor time that the scanner has used so far.</param>
    public void PassEnded(long now, long cpu)
    {
        if (tunables.AdvisorMode == AdvisorMode.None)
        {
            return;
        }

        var time = Math.Max(1, (now - _startedAt) / NanosecondsPerSecond);
        var used = Math.Max(1, (cpu - _cpuBefore) / NanosecondsPerMillisecond * 100 / (time * 1000));
        _cpuBefore = cpu;
        var last = _lastScanTime == 0 ? time : _lastScanTime;
        var factor = Math.Max(1, tunables.AdvisorTargetScanTime * 100 / time);
        _change = ((70 * _change) + (30 * Math.Max(1, time * 100 / last))) / 100;
        _lastScanTime = time;

        var pages = tunables.PagesToScan * 100L / factor * _change / 100;
        var perPercent = Math.Max(1, tunables.PagesToScan / used);
        pages = Math.Min(pages, perPercent * (long)Math.Min(tunables.AdvisorMaxCpu, int.MaxValue));
        pages = Math.Max(pages, perPercent * Lowest);
        tunables.Advise((uint)Math.Min((ulong)pages, Math.Min(tunables.AdvisorMaxPagesToScan, uint.MaxValue)));
    }
}
