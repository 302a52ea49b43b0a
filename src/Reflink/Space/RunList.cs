namespace Reflink.Space;

/// <summary>
/// Runs in order of their first block: a sorted array in chunks of 128, with the chunks' first keys in an array of their
/// own. A floor look-up is two binary searches; an insertion moves at most one chunk; nothing is allocated while the number
/// of chunks stays within what it once was.
/// </summary>
internal sealed class RunList
{
    internal const int ChunkSize = 128;
    private readonly Stack<Run[]> _spare = new();
    private Run[][] _chunks = new Run[4][];
    private int[] _counts = new int[4];
    private long[] _firsts = new long[4];
    private int _chunkCount;

    /// <summary>The chunk of the last look-up: neighbours are asked for together.</summary>
    private int _finger;

    /// <summary>How many runs there are.</summary>
    internal int Count { get; private set; }

    internal Run this[RunPosition at] => _chunks[at.Chunk][at.Index];

    internal bool IsEnd(RunPosition at) => at.Chunk >= _chunkCount;

    internal RunPosition Last => _chunkCount == 0 ? RunPosition.None : new(_chunkCount - 1, _counts[_chunkCount - 1] - 1);

    /// <summary>The last run that begins at <paramref name="key"/> or before.</summary>
    internal RunPosition Floor(long key)
    {
        var chunk = FloorChunk(key);
        if (chunk < 0)
        {
            return RunPosition.None;
        }

        _finger = chunk;
        var runs = _chunks[chunk];
        var low = 0;
        var high = _counts[chunk];
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (runs[middle].First <= key)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return new(chunk, low);
    }

    internal RunPosition Next(RunPosition at) => at.Index + 1 < _counts[at.Chunk] ? new(at.Chunk, at.Index + 1) : new(at.Chunk + 1, 0);

    internal RunPosition Previous(RunPosition at)
    {
        if (at.Index > 0)
        {
            return new(at.Chunk, at.Index - 1);
        }

        return at.Chunk == 0 ? RunPosition.None : new(at.Chunk - 1, _counts[at.Chunk - 1] - 1);
    }

    /// <summary>Writes a run in place of another; the order must stay.</summary>
    internal void Set(RunPosition at, Run run)
    {
        _chunks[at.Chunk][at.Index] = run;
        if (at.Index == 0)
        {
            _firsts[at.Chunk] = run.First;
        }
    }

    /// <summary>Inserts a run behind another (behind none: as the only one) and returns where it landed.</summary>
    internal RunPosition InsertAfter(RunPosition at, Run run)
    {
        if (_chunkCount == 0)
        {
            AddChunk(0);
        }

        var chunk = Math.Max(0, at.Chunk);
        var index = at.IsNone ? 0 : at.Index + 1;
        if (_counts[chunk] == ChunkSize)
        {
            var keep = chunk == _chunkCount - 1 && index == ChunkSize ? ChunkSize : ChunkSize / 2;
            SplitChunk(chunk, keep);
            if (index > keep || keep == ChunkSize)
            {
                chunk++;
                index -= keep;
            }
        }

        var runs = _chunks[chunk];
        Array.Copy(runs, index, runs, index + 1, _counts[chunk] - index);
        _counts[chunk]++;
        Count++;
        RunPosition placed = new(chunk, index);
        Set(placed, run);
        return placed;
    }

    /// <summary>Removes a run and returns where the following one now is.</summary>
    internal RunPosition Remove(RunPosition at)
    {
        var chunk = at.Chunk;
        var runs = _chunks[chunk];
        var left = --_counts[chunk];
        Count--;
        if (left == 0)
        {
            RemoveChunk(chunk);
            return new(chunk, 0);
        }

        Array.Copy(runs, at.Index + 1, runs, at.Index, left - at.Index);
        _firsts[chunk] = runs[0].First;
        if (left < ChunkSize / 4 && chunk + 1 < _chunkCount && left + _counts[chunk + 1] <= ChunkSize * 3 / 4)
        {
            Array.Copy(_chunks[chunk + 1], 0, runs, left, _counts[chunk + 1]);
            _counts[chunk] += _counts[chunk + 1];
            RemoveChunk(chunk + 1);
        }

        return at.Index < _counts[chunk] ? at : new(chunk + 1, 0);
    }

    /// <summary>
    /// Replaces some runs by others in one move. Declines, having changed nothing, if the runs lie in two chunks, or if that would
    /// overfill or empty the chunk or leave it so small that it ought to be merged.
    /// </summary>
    internal bool TryReplace(RunPosition at, int removed, ReadOnlySpan<Run> runs)
    {
        var chunk = at.Chunk;
        var used = _counts[chunk];
        var then = used - removed + runs.Length;
        var behind = at.Index + removed;
        var small = then == 0 || (then < ChunkSize / 4 && then < used && _chunkCount > 1);
        if (small || then > ChunkSize || behind > used)
        {
            return false;
        }

        var all = _chunks[chunk];
        Array.Copy(all, behind, all, at.Index + runs.Length, used - behind);
        runs.CopyTo(all.AsSpan(at.Index));
        _counts[chunk] = then;
        Count += then - used;
        _firsts[chunk] = all[0].First;
        return true;
    }

    private int FloorChunk(long key)
    {
        var finger = _finger;
        if (finger < _chunkCount && _firsts[finger] <= key && (finger + 1 == _chunkCount || key < _firsts[finger + 1]))
        {
            return finger;
        }

        var low = -1;
        var high = _chunkCount;
        while (high - low > 1)
        {
            var middle = (low + high) >>> 1;
            if (_firsts[middle] <= key)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void SplitChunk(int chunk, int keep)
    {
        AddChunk(chunk + 1);
        var moved = ChunkSize - keep;
        Array.Copy(_chunks[chunk], keep, _chunks[chunk + 1], 0, moved);
        _counts[chunk] = keep;
        _counts[chunk + 1] = moved;
        if (moved > 0)
        {
            _firsts[chunk + 1] = _chunks[chunk + 1][0].First;
        }
    }

    private void AddChunk(int at)
    {
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
            Array.Resize(ref _counts, _chunkCount * 2);
            Array.Resize(ref _firsts, _chunkCount * 2);
        }

        Array.Copy(_chunks, at, _chunks, at + 1, _chunkCount - at);
        Array.Copy(_counts, at, _counts, at + 1, _chunkCount - at);
        Array.Copy(_firsts, at, _firsts, at + 1, _chunkCount - at);
        _chunks[at] = _spare.TryPop(out var runs) ? runs : new Run[ChunkSize];
        _counts[at] = 0;
        _chunkCount++;
    }

    private void RemoveChunk(int at)
    {
        _spare.Push(_chunks[at]);
        _chunkCount--;
        Array.Copy(_chunks, at + 1, _chunks, at, _chunkCount - at);
        Array.Copy(_counts, at + 1, _counts, at, _chunkCount - at);
        Array.Copy(_firsts, at + 1, _firsts, at, _chunkCount - at);
        _chunks[_chunkCount] = null!;
    }
}
