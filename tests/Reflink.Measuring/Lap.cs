namespace Reflink.Measuring;

/// <summary>
/// The watch of one round of one contestant. Only what lies between <see cref="Start"/> and <see cref="Stop"/> counts; there may
/// be several such stretches, with preparations in between. The lap's time is that of the median stretch: on a busy machine
/// a mean is mostly the one stretch in which somebody else had the processor.
/// </summary>
/// <param name="clock">What it reads; the machine's own clock if nothing is said.</param>
public sealed class Lap(TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly List<double> _stretches = [];
    private long _startedAt;
    private long _allocatedBefore;
    private long _ticks;
    private long _allocated;
    private long _operations;

    /// <summary>Nanoseconds an operation.</summary>
    public double Nanoseconds => new Samples(_stretches).Median;

    /// <summary>Managed bytes that this thread allocated, an operation.</summary>
    public double Allocated => (double)_allocated / _operations;

    /// <summary>Whether anything was measured.</summary>
    public bool IsEmpty => _operations == 0;

    /// <summary>Begins a stretch, or goes on with it after <see cref="Pause"/>.</summary>
    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _startedAt = _clock.GetTimestamp();
    }

    /// <summary>Halts the watch within a stretch, until <see cref="Start"/>.</summary>
    public void Pause()
    {
        _ticks += _clock.GetTimestamp() - _startedAt;
        _allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
    }

    /// <summary>Ends a stretch, in which that many operations were done.</summary>
    public void Stop(long operations = 1)
    {
        Pause();
        Add(_ticks * (1e9 / _clock.TimestampFrequency), operations);
        _ticks = 0;
    }

    /// <summary>Takes a stretch that somebody else measured, such as another process of its own work, and how much it allocated.</summary>
    public void Add(double nanoseconds, long operations = 1, long allocated = 0)
    {
        _allocated += allocated;
        _stretches.Add(nanoseconds / operations);
        _operations += operations;
    }
}
