using FASTER.core;
using Reflink.Store.Disks;

namespace Reflink.Store.Slots;

/// <summary>
/// The device below a FASTER log: one file a segment, all of whose space is taken before FASTER hears of it, so that no write
/// of FASTER's finds the disk full. Every operation is done when the call returns. A log of this run begins behind those
/// that earlier runs have left, which are only read:
/// <code>
///   addresses       0 ── segments of earlier runs ── base ── FASTER's log, whose addresses begin at 0 again ──▶
/// </code>
/// </summary>
/// <remarks>
/// FASTER waits forever for a page that could not be flushed, and uses whatever is in memory when one could not be read. So
/// it never hears of an error: what cannot be read is zeroes, which no checksum fits, and a write that failed is <see cref="Fault"/>.
/// </remarks>
internal sealed unsafe class SegmentFiles : StorageDeviceBase
{
    private const int SectorBytes = 512;

    private readonly IDisk _disk;
    private readonly long _segment;
    private int _first;
    private readonly Dictionary<int, Segment> _segments = [];

    /// <summary>The segments that are there, and room for more of that many bytes.</summary>
    public SegmentFiles(IDisk disk, long segment)
        : base(disk.Place, SectorBytes, -1)
    {
        (_disk, _segment) = (disk, segment);
        foreach (var id in disk.Names.Select(StoreFiles.SegmentOf).Where(id => id >= 0).Order())
        {
            _segments.Add(id, new Segment(disk.Open(StoreFiles.Pages(id))));
            _first = id + 1;
        }

        End = _first;
    }

    /// <summary>Where this run's log begins.</summary>
    public long Base => _first * _segment;

    /// <summary>The first segment whose space is not taken.</summary>
    public int End { get; private set; }

    /// <summary>How many segments there are.</summary>
    public int Count => _segments.Count;

    /// <summary>The segments by number.</summary>
    public IEnumerable<KeyValuePair<int, Segment>> All => _segments;

    /// <summary>Bytes read and written so far.</summary>
    public (long Read, long Written) Traffic { get; private set; }

    /// <summary>Bytes that the files take.</summary>
    public long OnDisk => _segments.Count * _segment;

    /// <summary>Why a write failed, if one ever did: the pages that it should have written are lost.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The segment of an address; one that is gone is known from now on as missing.</summary>
    public Segment At(long address)
    {
        var id = (int)(address / _segment);
        if (!_segments.TryGetValue(id, out var segment))
        {
            _segments.Add(id, segment = new Segment(null));
            if (id >= End)
            {
                _first = End = id + 1;
            }
        }

        return segment;
    }

    /// <summary>Takes the space of segment <see cref="End"/>. Returns why that could not be done, or null.</summary>
    public ReflinkException? Extend()
    {
        try
        {
            _segments.Add(End, new Segment(_disk.Create(StoreFiles.Pages(End), _segment)));
            End++;
            return null;
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e))
        {
            return StoreErrors.Describe(_disk.Place, e, "cannot grow");
        }
    }

    /// <summary>Reads what lies at an address; false if it cannot be read whole.</summary>
    public bool TryRead(long address, Span<byte> into)
    {
        try
        {
            var read = _segments.TryGetValue((int)(address / _segment), out var segment) && segment.File is { } file
                ? file.Read(address % _segment, into)
                : 0;
            Traffic = (Traffic.Read + read, Traffic.Written);
            return read == into.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public override void WriteAsync(
        nint source, int segmentId, ulong at, uint count, DeviceIOCompletionCallback callback, object context)
    {
        try
        {
            // What is behind a failed write must not look as if it had been written in order.
            if (Fault is null)
            {
                _segments[_first + segmentId].File!.Write((long)at, new ReadOnlySpan<byte>((void*)source, (int)count));
                Traffic = (Traffic.Read, Traffic.Written + count);
            }
        }
        catch (Exception e) when (StoreErrors.IsOfFiles(e) || e is KeyNotFoundException)
        {
            Fault ??= e;
        }

        callback(0, count, context);
    }

    // Nobody asks: pages that are not in memory are read by address (TryRead).
    public override void ReadAsync(
        int segmentId, ulong at, nint destination, uint count, DeviceIOCompletionCallback callback, object context)
    {
        var into = new Span<byte>((void*)destination, (int)count);
        if (!TryRead(((_first + segmentId) * _segment) + (long)at, into))
        {
            into.Clear();
        }

        callback(0, count, context);
    }

    /// <summary>Deletes a segment that nobody needs.</summary>
    public void Delete(int id)
    {
        Invariant.Check(_segments.Remove(id, out var segment));
        segment!.File?.Dispose();
        _disk.Delete(StoreFiles.Pages(id));
    }

    // FASTER would do it on another thread, at some time.
    public override void RemoveSegmentAsync(int segmentId, AsyncCallback callback, IAsyncResult result) => callback(result);

    /// <summary>Closes the files.</summary>
    public override void Dispose()
    {
        foreach (var segment in _segments.Values)
        {
            segment.File?.Dispose();
        }

        _segments.Clear();
    }
}
