using System.Diagnostics;

namespace Reflink.Measuring;

/// <summary>
/// The watch of one round of one contestant. Only what lies between <see cref="Start"/> and <see cref="Stop"/> counts; there may
/// be several such stretches, with preparations in between.
/// </summary>
public sealed class Lap
{
    private long _ticks;
    private long _startedAt;
    private long _allocatedBefore;
    private long _allocated;
    private long _operations;

    /// <summary>Nanoseconds an operation.</summary>
    public double Nanoseconds => _ticks * (1e9 / Stopwatch.Frequency) / _operations;

    /// <summary>Managed bytes that this thread allocated, an operation.</summary>
    public double Allocated => (double)_allocated / _operations;

    /// <summary>Whether anything was measured.</summary>
    public bool IsEmpty => _operations == 0;

    /// <summary>Begins a stretch.</summary>
    public void Start()
    {
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        _startedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends a stretch, in which that many operations were done.</summary>
    public void Stop(long operations = 1)
    {
        _ticks += Stopwatch.GetTimestamp() - _startedAt;
        _allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore;
        _operations += operations;
    }
}
