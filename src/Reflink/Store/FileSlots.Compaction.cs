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

    // The oldest segment, half done; null between segments.
    private IFasterScanIterator<long, PageRecord>? _scan;
    private long _scanEnd;

    /// <summary>How long the log may be without anything being done: 5/3 of what lives in it, at least what is in memory anyway.</summary>
    private long LongestIdle => Math.Max(_memory + (2 * _segment), LiveBytes / 3 * 5);

    private long Length => _log.Tail - _log.Begin;

    private long LiveBytes => _live * _logPage / PageLog.RecordsPer(_logPage);

    private int SegmentOfNextPage => (int)((_log.Tail + _logPage) / _segment);

    private void Step()
    {
        for (var n = 0; n < StepRecords && (_scan is not null || Length > LongestIdle) && TryCompactNext(); n++)
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

    // The log pages that FASTER may begin during one call lie in the segment of the next page at the latest; one more is spare.
    private Units.ReflinkException? Extend()
    {
        Units.ReflinkException? error = null;
        while (error is null && _files.End <= SegmentOfNextPage + 1)
        {
            error = _files.Extend();
        }

        return error;
    }

    // With less garbage than this a whole round through the log might not gain a segment.
    private bool TryCompactSegment()
    {
        if (_scan is null && Length - LiveBytes < 2 * _segment)
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
        if ((_scan is null && !TryBegin()) || _files.End <= SegmentOfNextPage || _files.Fault is not null)
        {
            return false;
        }

        if (!_scan!.GetNext(out _))
        {
            _scan.Dispose();
            _scan = null;
            _log.DropUntil(_scanEnd);
            _files.DropUntil((int)(_scanEnd / _segment));
            return true;
        }

        // A damaged key may be any number.
        var slot = _scan.GetKey() - 1;
        if (slot >= 0 && slot < _addressOf.Length && _addressOf[slot] == _scan.CurrentAddress)
        {
            fixed (PageRecord* record = &_scan.GetValue())
            {
                _addressOf[slot] = _log.Write(slot + 1, record->Bytes, record->Checksum);
            }
        }

        return true;
    }

    // What is still written in place is no garbage, and would move for nothing.
    private bool TryBegin()
    {
        _scanEnd = ((_log.Begin / _segment) + 1) * _segment;
        if (_scanEnd > _log.ReadOnly || Extend() is not null)
        {
            return false;
        }

        _scan = _log.Scan(_log.Begin, _scanEnd);
        return true;
    }
}
