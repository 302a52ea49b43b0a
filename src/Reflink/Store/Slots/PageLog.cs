using System.Runtime.CompilerServices;
using FASTER.core;

namespace Reflink.Store.Slots;

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
    public const int RecordBytes = HeaderBytes + sizeof(long) + Page.Size + sizeof(ulong);

    private const int HeaderBytes = sizeof(long);
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

    /// <summary>From here on records are in memory.</summary>
    public long Head => _store.Log.HeadAddress;

    /// <summary>From here on a key is written in place.</summary>
    public long ReadOnly => _store.Log.ReadOnlyAddress;

    /// <summary>Where the next record goes, if it fits the page.</summary>
    public long Tail => _store.Log.TailAddress;

    /// <summary>How many records fit a page of the log.</summary>
    public static int RecordsPer(long logPage) => (int)(logPage / RecordBytes);

    /// <summary>Whether a record, as it lies on the device, is of a slot; its page and checksum.</summary>
    public static bool TryParse(ReadOnlySpan<byte> record, int slot, Span<byte> page, out ulong checksum)
    {
        checksum = BitConverter.ToUInt64(record[(HeaderBytes + sizeof(long) + Page.Size)..]);
        if (BitConverter.ToInt64(record[HeaderBytes..]) != KeyOf(slot))
        {
            return false;
        }

        record.Slice(HeaderBytes + sizeof(long), Page.Size).CopyTo(page);
        return true;
    }

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

    /// <summary>Copies a page that is in memory, and its checksum; 0 for its address if it is not.</summary>
    public void Read(ref SlotRead read)
    {
        Empty none = default;
        (read.Checksum, read.Address) = (0, 0);
        var key = KeyOf(read.Slot);
        fixed (SlotRead* to = &read)
        {
            var input = new PageTransfer { Page = to->Page, Checksum = &to->Checksum, Address = &to->Address };
            Invariant.Check(!_session.Read(ref key, ref input, ref none).IsPending);
        }
    }

    /// <summary>Puts all of the log on the device; from now on nothing of it is written in place.</summary>
    public void Flush() => _store.Log.Flush(wait: true);

    /// <summary>Forgets all records before an address.</summary>
    public void DropUntil(long address) => _store.Log.ShiftBeginAddress(address, snapToPageStart: false, truncateLog: false);

    /// <summary>The key of a slot's records. No key is 0, so a record of zeroes, which stands for an unreadable one, is nobody's.</summary>
    public static long KeyOf(int slot) => slot + 1L;

    public void Dispose()
    {
        _session.Dispose();
        _store.Dispose();
        _device.Dispose();
    }
}
