using System.Runtime.CompilerServices;
using FASTER.core;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// A FASTER log of pages in slots, and FASTER's index of the slots. What FASTER would do later, or on another thread, is
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

    /// <summary>The slot of a key; of a damaged one it may be any number.</summary>
    public static long SlotOf(long key) => key - 1;

    /// <summary>Keeps a page and its checksum in a slot; returns the address of the record.</summary>
    public long Write(int slot, byte* page, ulong checksum)
    {
        var key = KeyOf(slot);
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

    /// <summary>Copies pages and their checksums. FASTER is asked for all of them before it is waited for those on the device.</summary>
    public void Read(Span<SlotRead> reads)
    {
        Empty none = default;
        var isPending = false;
        fixed (SlotRead* first = reads)
        {
            for (var read = first; read < first + reads.Length; read++)
            {
                (read->Checksum, read->Address) = (0, 0);
                var key = KeyOf(read->Slot);
                var input = new PageTransfer { Page = read->Page, Checksum = &read->Checksum, Address = &read->Address };
                isPending |= _session.Read(ref key, ref input, ref none).IsPending;
            }

            if (isPending)
            {
                Invariant.Check(_session.CompletePending(wait: true));
            }
        }
    }

    /// <summary>The records of a stretch of the log, oldest first, whether they are anybody's or not.</summary>
    public IFasterScanIterator<long, PageRecord> Scan(long from, long until) =>
        _store.Log.Scan(from, until, ScanBufferingMode.SinglePageBuffering);

    /// <summary>Forgets all records before an address.</summary>
    public void DropUntil(long address) => _store.Log.ShiftBeginAddress(address, snapToPageStart: false, truncateLog: false);

    // The index never knows key 0, so a record of zeroes, which stands for an unreadable one, is nobody's.
    private static long KeyOf(int slot) => slot + 1L;

    public void Dispose()
    {
        _session.Dispose();
        _store.Dispose();
        _device.Dispose();
    }
}
