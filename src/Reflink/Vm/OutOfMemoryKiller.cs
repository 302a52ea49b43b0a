using Reflink.Cache;

namespace Reflink.Vm;

/// <summary>
/// Ends the process with the greatest badness when no memory can be reclaimed (mm/oom_kill.c). An allocation is in the middle of some operation, where a process cannot end: so
/// its anonymous pages that nobody else has are freed at once, as the kernel's OOM reaper does, it can do nothing any more, and it ends before the next call of any process.
/// <code>
///   alive ── Kill: its own pages are freed ──► killed, every call of it fails ── the next call of any process, or time passes ──► ended
/// </code>
/// </summary>
internal sealed class OutOfMemoryKiller(ProcessTable processes, VmServices vm, long swapPages) : IOutOfMemory
{
    private const int Scale = 1000;

    private bool _hasKilled;

    /// <summary>Processes that were ended so far (oom_kill).</summary>
    public long Kills { get; private set; }

    // totalpages of oom_badness: memory and swap.
    private long TotalPages => vm.Cache.FrameCount + swapPages;

    /// <inheritdoc/>
    public bool Kill()
    {
        if (Choose() is not { } victim)
        {
            return false;
        }

        return Kill(victim) > 0 ? true : throw new ReflinkException(
            Errno.ENOMEM, $"{victim} was killed, because memory ran out, and what it holds beside pages of its own is free only when this call has ended; call again");
    }

    /// <inheritdoc/>
    public void Relieve()
    {
        if (Choose() is { } victim)
        {
            _ = Kill(victim);
        }
    }

    // Returns how many frames are free at once.
    private int Kill(Process victim)
    {
        Kills++;
        (victim.IsKilled, _hasKilled) = (true, true);
        vm.Meter.Tracing?.MarkedVictim(victim.Id, victim.User.Id, victim.OutOfMemoryAdjustment);
        var freed = victim.Memory.Reap();
        if (victim.Account == vm.Meter.Current)
        {
            throw new ReflinkException(Errno.ENOMEM, $"{victim} was killed, because memory ran out and it held the most; give the machine more memory, or have it spared (/proc/{victim.Id}/oom_score_adj, {nameof(Process.OutOfMemoryAdjustment)})");
        }

        return freed;
    }

    /// <summary>Ends the processes that were killed, if no call of a process is in the middle of something.</summary>
    public void EndKilled()
    {
        if (_hasKilled && vm.Meter.Depth == 0)
        {
            _hasKilled = false;
            foreach (var process in processes.Alive.Where(process => process.IsKilled))
            {
                processes.End(process);
            }
        }
    }

    /// <summary>
    /// How bad it is that a process holds so much memory, in pages; null: it is never ended (oom_badness). Deviation: the kernel rounds a thousandth of memory down to whole pages, so
    /// with less than 4 MiB of memory adjustments would do nothing.
    /// </summary>
    public long? BadnessOf(Process process) => process.OutOfMemoryAdjustment == -Scale ? null
        : process.Memory.CountPages() + (process.OutOfMemoryAdjustment * TotalPages / Scale);

    /// <summary>Badness as /proc/PID/oom_score shows it, 0 to 2,000 (proc_oom_score, fs/proc/base.c).</summary>
    public long ScoreOf(Process process) => BadnessOf(process) is { } badness ? (Scale + (badness * Scale / TotalPages)) * 2 / 3 : 0;

    // Of equals the youngest (oom_evaluate_task).
    private Process? Choose()
    {
        var (worst, chosen) = (long.MinValue, (Process?)null);
        foreach (var process in processes.Alive)
        {
            if (!process.IsKilled && BadnessOf(process) is { } badness && badness >= worst)
            {
                (worst, chosen) = (badness, process);
            }
        }

        return chosen;
    }
}
