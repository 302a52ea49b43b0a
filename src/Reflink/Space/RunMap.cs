namespace Reflink.Space;

/// <summary>
/// The owners of every live block of one kind, by run. A change costs the runs it touches, however many blocks they hold.
/// </summary>
/// <remarks>
/// <code>
///   adjusting a range (after xfs_refcount.c): cut at both ends, change what lies between, join what became equal
///
///   before        |######### 2 #########|=== 1 ===|     |### 2 ###|
///   share                   |---------- +1 ------|
///   cut           |### 2 ###|### 2 #####|== 1 ==|=|     |### 2 ###|
///   change        |### 2 ###|$$$ 3 $$$$$|## 2 ##|=|     |### 2 ###|
///
///   before        |######### 2 #########|=== 1 ===|
///   release                 |--------- -1 --------|
///   change        |### 2 ###|=== 1 =====|  (dead) |     the dead run leaves the map and is queued as freed
///
///   Runs that were unequal before stay unequal under the same change, so only the two ends can join.
/// </code>
/// </remarks>
internal sealed class RunMap
{
    private readonly RunList _runs = new();

    /// <summary>The runs that the last releases killed, in order; the caller takes and clears them.</summary>
    internal List<Run> Dead { get; } = [];

    internal RunList Runs => _runs;

    /// <summary>Adds new blocks, each with one owner, behind all others.</summary>
    internal void Append(long first, long count)
    {
        var last = _runs.Last;
        if (!last.IsNone)
        {
            var run = _runs[last];
            Invariant.Check(run.End <= first);
            if (run.End == first && run.State == Run.OneOwner)
            {
                _runs.Set(last, new(run.First, run.Count + count, run.State));
                return;
            }
        }

        _runs.InsertAfter(last, new(first, count, Run.OneOwner));
    }

    /// <summary>Owners and mark of a block; 0 when it is dead.</summary>
    internal long StateOf(long block)
    {
        var at = _runs.Floor(block);
        if (at.IsNone)
        {
            return 0;
        }

        var run = _runs[at];
        return block < run.End ? run.State : 0;
    }

    /// <summary>How many blocks from a live one on have its state.</summary>
    internal long RestOfRun(long block)
    {
        var run = _runs[_runs.Floor(block)];
        Invariant.Check(block < run.End);
        return run.End - block;
    }

    /// <summary>Adds <paramref name="step"/> to the state of every block of the range, all of which must be alive.</summary>
    internal void Adjust(long first, long count, long step)
    {
        var end = first + count;
        if (TryAdjustOneRun(first, end, step))
        {
            return;
        }

        var at = CutAt(first);
        for (var next = first; next < end;)
        {
            Invariant.Check(!_runs.IsEnd(at));
            var run = _runs[at];
            Invariant.Check(run.First == next);
            if (run.End > end)
            {
                at = Cut(at, end);
                run = _runs[at];
            }

            next = run.End;
            run.State += step;
            if (run.Owners == 0)
            {
                Dead.Add(run);
                at = _runs.Remove(at);
            }
            else
            {
                _runs.Set(at, run);
                at = _runs.Next(at);
            }
        }

        Join(end);
        Join(first);
    }

    /// <summary>Sets the merged bit of one live block.</summary>
    internal void MarkMerged(long block)
    {
        if ((StateOf(block) & Run.MergedBit) == 0)
        {
            Adjust(block, 1, Run.MergedBit);
        }
    }

    /// <summary>
    /// The same for a range within one run, which is nearly every range: one look-up, one move of memory. Declines, having
    /// changed nothing, where it would have to reach into another chunk.
    /// </summary>
    private bool TryAdjustOneRun(long first, long end, long step)
    {
        var at = _runs.Floor(first);
        if (at.IsNone || _runs[at].End < end)
        {
            return false;
        }

        var run = _runs[at];
        Run changed = new(first, end - first, run.State + step);
        var dies = changed.Owners == 0;
        var (from, removed, count) = (at, 1, 0);
        Span<Run> now = stackalloc Run[3];
        if (first > run.First)
        {
            now[count++] = new(run.First, first - run.First, run.State);
        }
        else if (!dies && _runs.Previous(at) is { IsNone: false } left && _runs[left].End == first && _runs[left].State == changed.State)
        {
            changed = new(_runs[left].First, end - _runs[left].First, changed.State);
            from = left;
            removed++;
        }

        if (end == run.End && !dies && _runs.Next(at) is var right && !_runs.IsEnd(right) && _runs[right].First == end && _runs[right].State == changed.State)
        {
            changed.Count += _runs[right].Count;
            removed++;
        }

        if (!dies)
        {
            now[count++] = changed;
        }

        if (end < run.End)
        {
            now[count++] = new(end, run.End - end, run.State);
        }

        var isDone = _runs.TryReplace(from, removed, now[..count]);
        if (isDone && dies)
        {
            Dead.Add(changed);
        }

        return isDone;
    }

    /// <summary>The run that begins at <paramref name="key"/>, cut out of the run around it if need be.</summary>
    private RunPosition CutAt(long key)
    {
        var at = _runs.Floor(key);
        Invariant.Check(!at.IsNone);
        var run = _runs[at];
        Invariant.Check(key < run.End);
        return run.First == key ? at : _runs.Next(Cut(at, key));
    }

    /// <summary>Cuts a run in two at <paramref name="key"/>; returns the left part.</summary>
    private RunPosition Cut(RunPosition at, long key)
    {
        var run = _runs[at];
        _runs.Set(at, new(run.First, key - run.First, run.State));
        return _runs.Previous(_runs.InsertAfter(at, new(key, run.End - key, run.State)));
    }

    /// <summary>Joins the runs that meet at <paramref name="key"/> if they are of one state.</summary>
    private void Join(long key)
    {
        var right = _runs.Floor(key);
        if (right.IsNone || _runs[right].First != key)
        {
            return;
        }

        var left = _runs.Previous(right);
        if (left.IsNone)
        {
            return;
        }

        var before = _runs[left];
        var behind = _runs[right];
        if (before.End == key && before.State == behind.State)
        {
            _runs.Set(left, new(before.First, before.Count + behind.Count, before.State));
            _runs.Remove(right);
        }
    }
}
