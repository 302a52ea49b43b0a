namespace Reflink.Space;

/// <summary>Freed runs in the order in which they died, until the page cache has dropped their frames and stored pages.</summary>
internal sealed class FreedBlocks
{
    private readonly Queue<(BlockNumber First, long Count)> _runs = new();

    /// <summary>The latest run, still growing: blocks mostly die side by side.</summary>
    private BlockNumber _first;
    private long _count;

    internal void Add(BlockNumber first, long count)
    {
        if (_count > 0 && _first + _count == first)
        {
            _count += count;
            return;
        }

        if (_count > 0)
        {
            _runs.Enqueue((_first, _count));
        }

        (_first, _count) = (first, count);
    }

    internal bool TryTake(out BlockNumber first, out long count)
    {
        if (_runs.TryDequeue(out var run))
        {
            (first, count) = run;
            return true;
        }

        (first, count) = (_first, _count);
        _count = 0;
        return count > 0;
    }
}
