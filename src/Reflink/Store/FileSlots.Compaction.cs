using FASTER.core;

namespace Reflink.Store;

/// <content>Room at the tail, and how garbage becomes room.</content>
internal sealed unsafe partial class FileSlots
{
    /// <summary>
    /// How many old records one call looks at, at the most. While it runs through a stretch without garbage, the log grows by
    /// one record in so many.
    /// </summary>
    private const int StepRecords = 8;

    // Runs over many segments, for each one takes a page of the log that only a collection of all garbage gives back.
    private IFasterScanIterator<long, PageRecord>? _scan;

    // Whether the oldest segment is half done, and where it ends.
    private bool _isBusy;
    private long _segmentEnd;

    /// <summary>How long the log may be without anything being done: 5/3 of what lives in it, at least what is in memory anyway.</summary>
    private long LongestIdle => Math.Max(_memory + (2 * _segment), LiveBytes / 3 * 5);

    private long Length => _log.Tail - _log.Begin;

    private long LiveBytes => _live * _logPage / PageLog.RecordsPer(_logPage);

    private bool IsOldestDead => _liveIn.GetValueOrDefault(_log.Begin / _segment) == 0;

    private int SegmentOfNextRecord => (int)(PlaceAt(_log.Tail) / _segment);

    private void Step()
    {
        for (var n = 0; n < StepRecords && (_isBusy || Length > LongestIdle) && TryCompactNext(); n++)
        {
        }
    }

    /// <summary>Sees to it that a record can be appended and a segment compacted thereafter.</summary>
    /// <exception cref="Units.ReflinkException">ENOSPC, and garbage is too little to help; or the files cannot be made.</exception>
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
    private Units.ReflinkException? Extend()
    {
        Units.ReflinkException? error = null;
        while (error is null && _files.End <= SegmentOfNextRecord + 1)
        {
            error = _files.Extend();
        }

        return error;
    }

    // With less garbage than this a whole round through the log might not gain a segment.
    private bool TryCompactSegment()
    {
        if (!_isBusy && Length - LiveBytes < 2 * _segment)
        {
            return false;
        }

        var begin = _log.Begin;
        while (_log.Begin == begin)
        {
            if (!TryCompactNext())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Does away with one old record, or with the segment if none is left; false if that is not possible now.</summary>
    private bool TryCompactNext()
    {
        if ((!_isBusy && !TryBegin()) || _files.Fault is not null)
        {
            return false;
        }

        if (IsOldestDead)
        {
            DropOldest();
            return true;
        }

        if (_files.End <= SegmentOfNextRecord)
        {
            return false;
        }

        var scan = Scan();
        if (PlaceAt(scan.NextAddress) >= _segmentEnd || !scan.GetNext(out _))
        {
            DropOldest();
            return true;
        }

        var slot = PageLog.SlotOf(scan.GetKey());
        if (slot >= 0 && slot < _addressOf.Length && _addressOf[slot] == scan.CurrentAddress)
        {
            fixed (PageRecord* record = &scan.GetValue())
            {
                Place((int)slot, _log.Write((int)slot, record->Bytes, record->Checksum));
            }
        }

        return true;
    }

    // What is still written in place is no garbage, and would move for nothing. Where nothing lives, nothing moves. On a full disk the spare segment is room enough:
    // even if all of the oldest lives, as many pages of the log hold it. Writes leave the spare alone.
    private bool TryBegin()
    {
        _segmentEnd = ((_log.Begin / _segment) + 1) * _segment;
        return _isBusy = _segmentEnd <= _log.ReadOnly
            && (IsOldestDead || Extend() is null || _log.Tail + _segment <= _files.End * _segment);
    }

    // Segments that were dropped unread may have left it behind.
    private IFasterScanIterator<long, PageRecord> Scan()
    {
        if (_scan is null || _scan.EndAddress < _segmentEnd || _scan.NextAddress < _log.Begin)
        {
            _scan?.Dispose();
            _scan = _log.Scan(_log.Begin, _log.ReadOnly / _segment * _segment);
        }

        return _scan;
    }

    private void DropOldest()
    {
        _isBusy = false;
        _liveIn.Remove(_log.Begin / _segment);
        _log.DropUntil(_segmentEnd);
        _files.DropUntil((int)(_segmentEnd / _segment));
    }

    // No record spans two pages.
    private long PlaceAt(long address) =>
        (address % _logPage) + PageLog.RecordBytes > _logPage ? ((address / _logPage) + 1) * _logPage : address;
}
