using System.Runtime.InteropServices;
using FASTER.core;
using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// Slots in a FASTER log whose older part lies in files. A slot that is not in the mutable region is written anew at the tail,
/// and its old record is garbage; compaction moves what is left of the oldest segment to the tail and deletes the file.
/// <code>
///   oldest segment                                                  tail   next     spare
///  ┌────────────┬───────────┬───────────┬───────────┬───────────┬─────────┬ ─ ─ ─ ┬ ─ ─ ─ ┐
///  │ a · · d ·  │ e f · g · │           │           │           │ .. a d  │       │       │   spare: taken, so that
///  └─┼─────┼────┴───────────┴───────────┴───────────┴───────────┴─────┼─┼─┴ ─ ─ ─ ┴ ─ ─ ─ ┘   a full disk can still
///    └─────┴──────────────── compaction ──────────────────────────────┴─┘                    be compacted
/// </code>
/// </summary>
internal sealed unsafe partial class FileSlots : IPageSlots, IDisposable
{
    private readonly StoreFolder _folder;
    private readonly SegmentFiles _files;
    private readonly PageLog _log;
    private readonly long _memory;
    private readonly long _logPage;
    private readonly long _segment;

    // Where the slot's record is; 0 if the slot is free. A record that lies anywhere else is garbage.
    private long[] _addressOf = new long[64];
    private long _live;

    // How many slots have their record in a segment of the log.
    private readonly Dictionary<long, int> _liveIn = [];

    /// <summary>Opens the folder.</summary>
    /// <exception cref="ReflinkException">See <see cref="FasterPageStore(StoreOptions)"/>.</exception>
    public FileSlots(StoreOptions options)
        : this(options.Folder, 1L << (63 - (int)long.LeadingZeroCount(options.Memory)))
    {
    }

    /// <summary>As above, with a memory and pages of the log that are powers of two, however small.</summary>
    internal FileSlots(string folder, long memory, long? logPage = null)
    {
        _memory = memory;
        _logPage = logPage ?? Math.Clamp(memory / 64, 1 << 16, 1 << 20);
        _segment = Math.Max(memory / 8, 2 * _logPage);
        _folder = StoreFolder.Open(folder);
        _files = new SegmentFiles(_folder, _segment);
        _log = new PageLog(_files, memory, _logPage, _segment, mutableFraction: 0.9);
    }

    /// <inheritdoc/>
    public bool HasDevice => true;

    /// <inheritdoc/>
    public int Capacity => int.MaxValue;

    /// <inheritdoc/>
    public StoreDiagnostics Diagnostics => new(_files.Traffic.Read, _files.Traffic.Written, _files.OnDisk);

    /// <inheritdoc/>
    public void Write(int slot, ReadOnlySpan<byte> page, ulong checksum)
    {
        if (slot >= _addressOf.Length)
        {
            Array.Resize(ref _addressOf, (int)Math.Min(_addressOf.Length * 2L, Array.MaxLength));
        }

        CheckFault();
        if (_addressOf[slot] < _log.ReadOnly)
        {
            MakeRoom();
        }

        fixed (byte* bytes = page)
        {
            Place(slot, _log.Write(slot, bytes, checksum));
        }

        Step();
    }

    /// <inheritdoc/>
    public void Read(Span<SlotRead> reads)
    {
        _log.Read(reads);

        // A damaged record may lead FASTER on to an older one of the slot's, whose checksum is good.
        foreach (ref var read in reads)
        {
            read.Address = read.Address == _addressOf[read.Slot] ? read.Address : 0;
        }
    }

    /// <inheritdoc/>
    public void Free(int slot)
    {
        Place(slot, 0);
        Step();
    }

    /// <inheritdoc/>
    public void Release() => Dispose();

    /// <summary>Deletes the pages and lets the folder go.</summary>
    public void Dispose()
    {
        _scan?.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    private void Place(int slot, long address)
    {
        var old = _addressOf[slot];
        _addressOf[slot] = address;
        Count(old, -1);
        Count(address, 1);
    }

    // A damaged record was not known for the slot's, and its segment may be gone.
    private void Count(long address, int records)
    {
        _live += address == 0 ? 0 : records;
        if (address >= _log.Begin)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_liveIn, address / _segment, out _) += records;
        }
    }

    private void CheckFault()
    {
        if (_files.Fault is { } fault)
        {
            throw _folder.Describe(fault, "has lost pages to a failed write and takes no more");
        }
    }
}
