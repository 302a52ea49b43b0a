using Reflink.Store.Disks;

namespace Reflink.Store.Slots;

/// <summary>
/// Slots in a FASTER log whose older part lies in files. A slot that is not in the mutable region is written anew at the tail,
/// and its old record is garbage; compaction moves what is left of the emptiest segment to the tail and deletes the file.
/// <code>
///   segments                                                        tail   next     spare
///  ┌────────────┬───────────┬───────────┬───────────┬───────────┬─────────┬ ─ ─ ─ ┬ ─ ─ ─ ┐
///  │ a b c d e  │ f · · g · │           │           │           │ .. f g  │       │       │   spare: taken, so that
///  └────────────┴─┼─────┼───┴───────────┴───────────┴───────────┴─────┼─┼─┴ ─ ─ ─ ┴ ─ ─ ─ ┘   a full disk can still
///                 └─────┴───────────── compaction ────────────────────┴─┘                    be compacted
/// </code>
/// </summary>
internal sealed unsafe partial class FileSlots : IPageSlots, IDisposable
{
    private readonly IDisk _disk;
    private readonly SegmentFiles _files;
    private readonly StoreGeometry _sizes;
    private readonly byte[] _record = new byte[PageLog.RecordBytes];

    private readonly bool _isReadOnly;

    // FASTER costs megabytes and milliseconds, so it comes with the first write.
    private PageLog? _log;

    // Where the slot's record is; 0 if the slot is free. A record that lies anywhere else is garbage.
    private long[] _addressOf = new long[64];
    private long _live;

    // Slots that changed since the last commit, with the address that it knows them by (0: free): what is there is still needed.
    private readonly Dictionary<int, long>? _pins;

    /// <summary>Slots on a disk, which it disposes of; durable ones keep what was committed until the next commit.</summary>
    internal FileSlots(IDisk disk, StoreGeometry sizes, StoreUse use)
    {
        (_disk, _sizes) = (disk, sizes);
        _pins = use == StoreUse.Scratch ? null : [];
        _isReadOnly = use == StoreUse.ReadOnly;
        _files = new SegmentFiles(disk, sizes.Segment);
    }

    /// <inheritdoc/>
    public bool HasDevice => true;

    /// <inheritdoc/>
    public int Capacity => int.MaxValue;

    /// <inheritdoc/>
    public StoreDiagnostics Diagnostics => new(_files.Traffic.Read, _files.Traffic.Written, _files.OnDisk);

    /// <summary>Whether a slot changed since the last commit.</summary>
    public bool HasChanged => _pins!.Count > 0;

    /// <summary>The slots that changed since the last commit, in order.</summary>
    public IReadOnlyList<int> Changed => [.. _pins!.Keys.Order()];

    private PageLog Log => _log ??= new PageLog(_files, _sizes.Memory, _sizes.LogPage, _sizes.Segment, mutableFraction: 0.9);

    /// <inheritdoc/>
    public string PlaceOf(int slot) => $"{_disk.Place}/{StoreFiles.Pages((int)(AddressOf(slot) / _sizes.Segment))}";

    /// <summary>Where the slot's record is; 0 if the slot is free.</summary>
    public long AddressOf(int slot) => slot < _addressOf.Length ? _addressOf[slot] : 0;

    /// <inheritdoc/>
    public void Write(int slot, ReadOnlySpan<byte> page, ulong checksum)
    {
        CheckFault();
        Grow(slot);
        if (_addressOf[slot] < _files.Base + Log.ReadOnly)
        {
            MakeRoom();
        }

        fixed (byte* bytes = page)
        {
            Place(slot, Append(slot, bytes, checksum));
        }

        Step();
    }

    /// <inheritdoc/>
    public void Read(Span<SlotRead> reads)
    {
        foreach (ref var read in reads)
        {
            var address = _addressOf[read.Slot];
            if (_log is not null && address >= _files.Base + _log.Head)
            {
                _log.Read(ref read);
                read.Address += _files.Base;
            }
            else
            {
                var isThere = _files.TryRead(address, _record)
                    & PageLog.TryParse(_record, read.Slot, new Span<byte>(read.Page, Page.Size), out read.Checksum);
                read.Address = isThere ? address : 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Free(int slot)
    {
        Place(slot, 0);
        Step();
    }

    /// <summary>Says where the slot's record is, as the last commit says it.</summary>
    public void Restore(int slot, long address)
    {
        Grow(slot);
        _addressOf[slot] = address;
        Count(address, 1);
    }

    /// <inheritdoc/>
    public void Release() => Dispose();

    /// <summary>Lets the disk go; pages that nobody was promised are deleted.</summary>
    public void Dispose()
    {
        _log?.Dispose();
        _files.Dispose();
        if (_pins is null)
        {
            foreach (var name in _disk.Names)
            {
                _disk.Delete(name);
            }
        }

        _disk.Dispose();
    }

    private long Append(int slot, byte* page, ulong checksum) => _files.Base + Log.Write(slot, page, checksum);

    private void Grow(int slot)
    {
        while (slot >= _addressOf.Length)
        {
            Array.Resize(ref _addressOf, (int)Math.Min(_addressOf.Length * 2L, Array.MaxLength));
        }
    }

    private void Place(int slot, long address)
    {
        var old = _addressOf[slot];
        _addressOf[slot] = address;
        Count(old, -1);
        if (_pins is not null && _pins.TryAdd(slot, old))
        {
            Invariant.Check(address != old || old == 0);
            Pin(old, 1);
        }

        Count(address, 1);
    }

    private void Count(long address, int records)
    {
        if (address != 0)
        {
            _live += records;
            _files.At(address).Live += records;
        }
    }

    private void Pin(long address, int records)
    {
        if (address != 0)
        {
            _pinned += records;
            _files.At(address).Pinned += records;
        }
    }

    private void CheckFault()
    {
        if (_files.Fault is { } fault)
        {
            throw StoreErrors.Describe(_disk.Place, fault, "has lost pages to a failed write and takes no more");
        }
    }
}
