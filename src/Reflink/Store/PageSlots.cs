using System.Runtime.CompilerServices;
using FASTER.core;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// Numbered places for pages in a FASTER log that lies wholly in memory and wholly in its mutable region: writing a slot
/// again is always in place. Slots are to be used from 0 upward; what an unwritten slot holds is undefined.
/// </summary>
internal sealed unsafe class PageSlots : IDisposable
{
    /// <summary>64 GiB of log, of which pages come into being as the tail reaches them.</summary>
    private const int DefaultMemoryBits = 36;

    /// <summary>1 MiB: what the smallest store costs, and less than half a percent lost at the end of a log page.</summary>
    private const int DefaultLogPageBits = 20;

    private const int RecordBytes = sizeof(long) + sizeof(long) + Page.Size + sizeof(ulong);
    private const int IndexBytes = 1 << 18;
    private const int SlotsPerIndexBucket = 4;
    private const int IndexBucketBytes = 64;

    /// <summary>Up to 8 MiB of pages are kept for the next store rather than given back.</summary>
    private const int SpareSlots = 2048;

    private static PageSlots? s_spare;

    private readonly NullDevice _device = new();
    private readonly FasterKV<long, PageRecord> _log;
    private readonly ClientSession<long, PageRecord, PageTransfer, ulong, Empty, SlotFunctions> _session;
    private int _used;
    private bool _maySpare;
    private int _growIndexAt = IndexBytes / IndexBucketBytes * SlotsPerIndexBucket;

    public PageSlots(int memoryBits = DefaultMemoryBits, int logPageBits = DefaultLogPageBits)
    {
        using var settings = new FasterKVSettings<long, PageRecord>
        {
            LogDevice = _device,
            MemorySize = 1L << memoryBits,
            PageSize = 1L << logPageBits,
            IndexSize = IndexBytes,
            MutableFraction = 1.0,
            ConcurrencyControlMode = ConcurrencyControlMode.LockTable,
        };
        _log = new FasterKV<long, PageRecord>(settings);
        _session = _log.For(new SlotFunctions()).NewSession<SlotFunctions>();

        // FASTER makes room for a page beyond its buffer by dropping the oldest: the last two pages stay unused.
        Capacity = ((1 << (memoryBits - logPageBits)) - 2) * ((1 << logPageBits) / RecordBytes);
    }

    /// <summary>How many slots there are.</summary>
    public int Capacity { get; }

    /// <summary>Slots of some earlier store, or new ones, which FASTER is slow and lavish to set up.</summary>
    public static PageSlots Rent() => Interlocked.Exchange(ref s_spare, null) ?? new PageSlots { _maySpare = true };

    /// <summary>Takes slots back that nobody needs any more: one small set that was rented is kept, all else is freed.</summary>
    public static void Return(PageSlots slots)
    {
        var keep = slots._maySpare && slots._used <= SpareSlots;
        var unwanted = keep ? Interlocked.Exchange(ref s_spare, slots) : slots;
        unwanted?.Dispose();
    }

    public void Write(int slot, ReadOnlySpan<byte> page, ulong checksum)
    {
        Use(slot);
        long key = slot;
        ulong none = 0;
        fixed (byte* bytes = page)
        {
            var input = new PageTransfer { Page = bytes, Checksum = checksum };
            var status = _session.Upsert(ref key, ref input, ref Unsafe.NullRef<PageRecord>(), ref none);
            Invariant.Check(status.IsCompletedSuccessfully);
        }
    }

    /// <summary>Copies the slot's bytes to <paramref name="page"/>; returns the checksum that was written with them.</summary>
    public ulong Read(int slot, Span<byte> page)
    {
        long key = slot;
        ulong checksum = 0;
        fixed (byte* bytes = page)
        {
            var input = new PageTransfer { Page = bytes };
            var status = _session.Read(ref key, ref input, ref checksum);
            Invariant.Check(status.Found);
        }

        return checksum;
    }

    public void Dispose()
    {
        _session.Dispose();
        _log.Dispose();
        _device.Dispose();
    }

    private void Use(int slot)
    {
        Invariant.Check(slot < Capacity);
        _used = Math.Max(_used, slot + 1);
        if (_used > _growIndexAt)
        {
            Invariant.Check(_log.GrowIndex());
            _growIndexAt *= 2;
        }
    }
}
