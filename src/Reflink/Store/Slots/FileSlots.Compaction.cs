namespace Reflink.Store.Slots;

/// <content>Room at the tail, how garbage becomes room, and what a commit waits for.</content>
internal sealed unsafe partial class FileSlots
{
    /// <summary>
    /// How many old records one call looks at, at the most. While it runs through a stretch without garbage, the log grows by
    /// one record in so many.
    /// </summary>
    private const int StepRecords = 8;

    // The segment that is being emptied, or -1, and the slots that had their record there when that began.
    private readonly Stack<int> _moving = [];
    private int _victim = -1;

    // How many records are of no slot, but the last commit refers to them.
    private long _pinned;

    /// <summary>How long the log is without the space taken in advance.</summary>
    private long Length => ((_files.Count - (_files.End - 1 - TailSegment)) * _sizes.Segment) - (((TailSegment + 1L) * _sizes.Segment) - Tail);

    private long Tail => _files.Base + (_log?.Tail ?? 0);

    private int TailSegment => (int)(Tail / _sizes.Segment);

    private long RecordsPerSegment => PageLog.RecordsPer(_sizes.LogPage) * (_sizes.Segment / _sizes.LogPage);

    private int SegmentOfNextRecord => (int)(PlaceAt(Tail) / _sizes.Segment);

    /// <summary>Puts every page on the disk, though not yet so that it outlasts a crash, and clears up for the commit that follows.</summary>
    /// <exception cref="ReflinkException">EIO or ENOSPC: pages were lost.</exception>
    public void Prepare()
    {
        CheckFault();

        // What only the last commit needs is garbage after this one.
        while ((_victim >= 0 || IsTooLong(_live, Length - DoomedBytes)) && TryCompactNext(CompactionCause.Commit))
        {
        }

        _log?.Flush();
        CheckFault();
    }

    /// <summary>A commit is good: what only the one before needed is garbage.</summary>
    public void Committed()
    {
        foreach (var (_, old) in _pins!)
        {
            Pin(old, -1);
        }

        _pins.Clear();
        DeleteDead();
    }

    private long DoomedBytes => _files.All.Count(s => s.Value.Live == 0 && s.Value.Pinned > 0) * _sizes.Segment;

    private void DeleteDead()
    {
        foreach (var (id, _) in _files.All.Where(s => s.Value.IsDead && IsFull(s.Key) && s.Key != _victim).ToArray())
        {
            Delete(id);
        }
    }

    /// <summary>How long the log may be without anything being done: 5/3 of what lives in it, at least what is in memory anyway.</summary>
    private bool IsTooLong(long records, long length) =>
        length > Math.Max(_sizes.Memory + (2 * _sizes.Segment), BytesOf(records) / 3 * 5);

    private long BytesOf(long records) => records * _sizes.LogPage / PageLog.RecordsPer(_sizes.LogPage);

    private void Step()
    {
        for (var n = 0; n < StepRecords && (_victim >= 0 || IsTooLong(_live + _pinned, Length)) && TryCompactNext(CompactionCause.Space); n++)
        {
        }
    }

    /// <summary>Sees to it that a record can be appended and a segment compacted thereafter.</summary>
    /// <exception cref="ReflinkException">ENOSPC, and garbage is too little to help; or the files cannot be made.</exception>
    private void MakeRoom()
    {
        while (Extend() is { } error)
        {
            if (!TryCompactSegment())
            {
                throw error;
            }
        }
    }

    // Beyond the segment of the next record one more is spare.
    private ReflinkException? Extend()
    {
        ReflinkException? error = null;
        while (error is null && _files.End <= SegmentOfNextRecord + 1)
        {
            error = _files.Extend();
        }

        return error;
    }

    // With less garbage than this there may be no segment that gives one.
    private bool TryCompactSegment()
    {
        if (_victim < 0 && Length - BytesOf(_live + _pinned) < 2 * _sizes.Segment)
        {
            return false;
        }

        for (var count = _files.Count; _files.Count >= count;)
        {
            if (!TryCompactNext(CompactionCause.Space))
            {
                return false;
            }
        }

        return true;
    }

    private enum CompactionCause
    {
        Space,
        Commit,
    }

    /// <summary>Looks at one old record, or deletes the segment if none is left; false if that is not possible now.</summary>
    private bool TryCompactNext(CompactionCause cause)
    {
        if (_isReadOnly || _files.Fault is not null || (_victim < 0 && !TryBegin(cause)))
        {
            return false;
        }

        var segment = _files.At(_victim * _sizes.Segment);
        if (segment.Live == 0)
        {
            var isDead = segment.IsDead;
            var id = _victim;
            _victim = -1;
            if (isDead)
            {
                Delete(id);
            }

            return true;
        }

        if (_files.End <= SegmentOfNextRecord)
        {
            return false;
        }

        Move();
        return true;
    }

    // A record that cannot be read stays where it is, and so does its segment: a read of the page fails with EIO.
    private void Move()
    {
        if (!_moving.TryPop(out var slot))
        {
            _files.At(_victim * _sizes.Segment).IsStuck = true;
            _victim = -1;
            return;
        }

        Span<byte> page = stackalloc byte[Page.Size];
        if (_addressOf[slot] / _sizes.Segment == _victim
            && _files.TryRead(_addressOf[slot], _record) && PageLog.TryParse(_record, slot, page, out var checksum))
        {
            fixed (byte* bytes = page)
            {
                Place(slot, Append(slot, bytes, checksum));
            }
        }
    }

    // What is still written in place is no garbage, and would move for nothing. The emptiest gains the most. On a full disk the
    // spare segment is room enough: even if all of the victim lives, as many pages of the log hold it.
    private bool TryBegin(CompactionCause cause)
    {
        var least = long.MaxValue;
        foreach (var (id, segment) in _files.All)
        {
            if (segment.Live < least && IsFull(id) && !(segment.IsStuck && segment.Live > 0) && (segment.Pinned == 0 || (cause == CompactionCause.Commit && segment.Live > 0)))
            {
                (_victim, least) = (id, segment.Live);
            }
        }

        if (_victim >= 0 && (least > RecordsPerSegment - (RecordsPerSegment / 8)
            || (least > 0 && Extend() is not null && Tail + _sizes.Segment > _files.End * _sizes.Segment)))
        {
            _victim = -1;
        }

        _moving.Clear();
        for (var slot = 0; _victim >= 0 && least > _moving.Count && slot < _addressOf.Length; slot++)
        {
            if (_addressOf[slot] != 0 && _addressOf[slot] / _sizes.Segment == _victim)
            {
                _moving.Push(slot);
            }
        }

        return _victim >= 0;
    }

    private bool IsFull(int segment) => (segment + 1) * _sizes.Segment <= _files.Base + (_log?.ReadOnly ?? 0);

    // Files may go in any order: FASTER is never asked for what is not in memory.
    private void Delete(int id)
    {
        _files.Delete(id);
        if (_log is not null && _files.All.Min(s => s.Key) * _sizes.Segment is var first && first > _files.Base + _log.Begin)
        {
            _log.DropUntil(first - _files.Base);
        }
    }

    // No record spans two pages.
    private long PlaceAt(long address) =>
        (address % _sizes.LogPage) + PageLog.RecordBytes > _sizes.LogPage ? ((address / _sizes.LogPage) + 1) * _sizes.LogPage : address;
}
