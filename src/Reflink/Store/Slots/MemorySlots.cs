using FASTER.core;

namespace Reflink.Store.Slots;

/// <summary>
/// Slots in a FASTER log that lies wholly in memory and wholly in its mutable region: writing a slot again is always in
/// place.
/// </summary>
internal sealed unsafe class MemorySlots : IPageSlots, IDisposable
{
    /// <summary>64 GiB of log, of which pages come into being as the tail reaches them.</summary>
    private const int DefaultMemoryBits = 36;

    /// <summary>1 MiB: what the smallest store costs, and less than half a percent lost at the end of a log page.</summary>
    private const int DefaultLogPageBits = 20;

    /// <summary>Up to 8 MiB of pages are kept for the next store rather than given back.</summary>
    private const int SpareSlots = 2048;

    private static MemorySlots? s_spare;

    private readonly PageLog _log;
    private int _used;
    private bool _maySpare;

    public MemorySlots(int memoryBits = DefaultMemoryBits, int logPageBits = DefaultLogPageBits)
    {
        var logPage = 1L << logPageBits;
        _log = new PageLog(new NullDevice(), 1L << memoryBits, logPage, 1L << 30, mutableFraction: 1.0);

        // FASTER makes room for a page beyond its buffer by dropping the oldest: the last two pages stay unused.
        Capacity = ((1 << (memoryBits - logPageBits)) - 2) * PageLog.RecordsPer(logPage);
    }

    /// <inheritdoc/>
    public bool HasDevice => false;

    /// <inheritdoc/>
    public string PlaceOf(int slot) => "the page store";

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public StoreDiagnostics Diagnostics => default;

    /// <summary>Slots of some earlier store, or new ones, which FASTER is slow and lavish to set up.</summary>
    public static MemorySlots Rent() => Interlocked.Exchange(ref s_spare, null) ?? new MemorySlots { _maySpare = true };

    /// <inheritdoc/>
    public void Write(int slot, ReadOnlySpan<byte> page, ulong checksum)
    {
        Invariant.Check(slot < Capacity);
        _used = Math.Max(_used, slot + 1);
        fixed (byte* bytes = page)
        {
            _log.Write(slot, bytes, checksum);
        }
    }

    /// <inheritdoc/>
    public void Read(Span<SlotRead> reads)
    {
        foreach (ref var read in reads)
        {
            _log.Read(ref read);
        }
    }

    /// <inheritdoc/>
    public void Free(int slot)
    {
    }

    /// <summary>One small set that was rented is kept for the next store, all else is freed.</summary>
    public void Release()
    {
        var keep = _maySpare && _used <= SpareSlots;
        var unwanted = keep ? Interlocked.Exchange(ref s_spare, this) : this;
        unwanted?.Dispose();
    }

    public void Dispose() => _log.Dispose();
}
