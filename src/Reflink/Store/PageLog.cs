using System.Runtime.CompilerServices;
using FASTER.core;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// A FASTER log of pages under keys, and FASTER's index of the keys. What FASTER would do later, or on another thread, is
/// done when a call returns, given a device that does its work at once.
/// <code>
///   Begin              Head             ReadOnly           Tail
///     │ on the device    │ and in memory     │ in memory only  │
///     ▼                  ▼                   ▼ written in place▼
/// ────┴──────────────────┴───────────────────┴─────────────────┴──▶ log addresses, in bytes
/// </code>
/// </summary>
internal sealed unsafe class PageLog : IDisposable
{
    /// <summary>What a page takes in the log: FASTER's header, the key, the page and its checksum.</summary>
    public const int RecordBytes = sizeof(long) + sizeof(long) + Page.Size + sizeof(ulong);

    private const int IndexBytes = 1 << 18;
    private const int KeysPerIndexBucket = 4;
    private const int IndexBucketBytes = 64;

    private readonly IDevice _device;
    private readonly FasterKV<long, PageRecord> _store;
    private readonly ClientSession<long, PageRecord, PageTransfer, Empty, Empty, SlotFunctions> _session;
    private long _growIndexAt = IndexBytes / IndexBucketBytes * KeysPerIndexBucket;

    /// <summary>An empty log on a device, which it disposes of; the sizes are in bytes, and powers of two.</summary>
    public PageLog(IDevice device, long memory, long logPage, long segment, double mutableFraction)
    {
        using var settings = new FasterKVSettings<long, PageRecord>
        {
            LogDevice = device,
            MemorySize = memory,
            PageSize = logPage,
            SegmentSize = segment,
            IndexSize = IndexBytes,
            MutableFraction = mutableFraction,
            ConcurrencyControlMode = ConcurrencyControlMode.LockTable,
        };
        _device = device;
        _store = new FasterKV<long, PageRecord>(settings);
        _session = _store.For(new SlotFunctions()).NewSession<SlotFunctions>();
    }

    /// <summary>Where the oldest record may lie.</summary>
    public long Begin => _store.Log.BeginAddress;

    /// <summary>From here on a key is written in place.</summary>
    public long ReadOnly => _store.Log.ReadOnlyAddress;

    /// <summary>Where the next record goes, if it fits the page.</summary>
    public long Tail => _store.Log.TailAddress;

    /// <summary>How many records fit a page of the log.</summary>
    public static int RecordsPer(long logPage) => (int)(logPage / RecordBytes);

    /// <summary>Keeps a page and its checksum under a key; returns the address of the record.</summary>
    public long Write(long key, byte* page, ulong checksum)
    {
        if (key > _growIndexAt)
        {
            Invariant.Check(_store.GrowIndex());
            _growIndexAt *= 2;
        }

        // The value is not looked at but to queue an operation, which never happens.
        long address = 0;
        Empty none = default;
        var input = new PageTransfer { Page = page, Checksum = &checksum, Address = &address };
        var status = _session.Upsert(ref key, ref input, ref Unsafe.NullRef<PageRecord>(), ref none);
        Invariant.Check(status.IsCompletedSuccessfully);
        return address;
    }

    /// <summary>Copies a key's page and its checksum; returns the address of the record, 0 if there is none.</summary>
    public long Read(long key, byte* page, out ulong checksum)
    {
        long address = 0;
        ulong kept = 0;
        Empty none = default;
        var input = new PageTransfer { Page = page, Checksum = &kept, Address = &address };
        if (_session.Read(ref key, ref input, ref none).IsPending)
        {
            Invariant.Check(_session.CompletePending(wait: true));
        }

        checksum = kept;
        return address;
    }

    /// <summary>The records of a stretch of the log, oldest first, whether they are anybody's or not.</summary>
    public IFasterScanIterator<long, PageRecord> Scan(long from, long until) =>
        _store.Log.Scan(from, until, ScanBufferingMode.SinglePageBuffering);

    /// <summary>Forgets all records before an address.</summary>
    public void DropUntil(long address) => _store.Log.ShiftBeginAddress(address, snapToPageStart: false, truncateLog: false);

    public void Dispose()
    {
        _session.Dispose();
        _store.Dispose();
        _device.Dispose();
    }
}
