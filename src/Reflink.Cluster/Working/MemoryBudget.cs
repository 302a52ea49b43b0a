namespace Reflink.Cluster.Working;

/// <summary>The memory that runs share: a run that does not fit beside the others waits.</summary>
internal sealed class MemoryBudget(long size)
{
    private readonly object _gate = new();
    private long _left = size;

    /// <summary>All that there is, in bytes.</summary>
    public long Size { get; } = size;

    /// <summary>Takes memory, when it is free.</summary>
    /// <param name="bytes">At most <see cref="Size"/>.</param>
    public void Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Size);
        lock (_gate)
        {
            while (_left < bytes)
            {
                Monitor.Wait(_gate);
            }

            _left -= bytes;
        }
    }

    /// <summary>Gives memory back.</summary>
    public void Return(long bytes)
    {
        lock (_gate)
        {
            _left += bytes;
            Monitor.PulseAll(_gate);
        }
    }
}
