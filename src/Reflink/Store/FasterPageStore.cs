using Reflink.Store.Disks;
using Reflink.Store.Slots;

namespace Reflink.Store;

/// <summary>
/// A page store on Microsoft FASTER, in memory or on files. A block lives in a slot, a slot is a FASTER key, and a deleted
/// block's slot goes to the next new block: what the store takes is bounded by the most pages ever held at once, however
/// many numbers come and go.
/// </summary>
internal sealed partial class FasterPageStore : IDurableStore
{
    /// <summary>How many pages are asked for before any is waited for.</summary>
    private const int ReadBatch = 64;

    private readonly SlotTable _slotOf = new();
    private readonly Stack<int> _free = [];

    // Slots from here on were never given out by this store; those below are in _slotOf or in _free, never in both.
    private int _nextSlot;

    // A machine that never writes back never has slots, and costs nothing.
    private IPageSlots? _slots;
    private bool _disposed;

    /// <summary>An empty store in memory.</summary>
    public FasterPageStore()
    {
    }

    /// <summary>A store on files, for more pages than memory holds; empty, or with what was committed. Its folder is its own until it is disposed of.</summary>
    /// <exception cref="ReflinkException">
    /// EINVAL: too little or too much memory, no folder, or a folder of a store of another sort or version. ENOTEMPTY: the folder
    /// has files of somebody else. EBUSY: another store writes to it, and so does this one. EACCES, ENOTDIR, ENOENT, ENOSPC: it cannot be made, read or
    /// written. EIO: the store is damaged.
    /// </exception>
    public FasterPageStore(StoreOptions options)
        : this(OpenFolder(options), options)
    {
    }

    internal FasterPageStore(IPageSlots slots) => _slots = slots;

    private static IDisk OpenFolder(StoreOptions options)
    {
        options.Check();
        return options.Use == StoreUse.ReadOnly ? ReaderFolder.At(options.Folder) : StoreFolder.Open(options.Folder, options.Use);
    }

    /// <inheritdoc/>
    public long PageCount => _slotOf.Count;

    /// <inheritdoc/>
    public long Reads { get; private set; }

    /// <inheritdoc/>
    public long Writes { get; private set; }

    /// <summary>What FASTER did to the store's files.</summary>
    public StoreDiagnostics Diagnostics => _slots?.Diagnostics ?? default;

    /// <inheritdoc/>
    public void Write(BlockNumber block, ReadOnlySpan<byte> page)
    {
        CheckRequest(block, page.Length);
        if (IsReadOnly)
        {
            throw new ReflinkException(Errno.EROFS, $"block {block} cannot be written: the store is open to be read only");
        }

        _slots ??= MemorySlots.Rent();
        var isNew = !_slotOf.TryGetValue(block, out var slot);
        if (isNew)
        {
            slot = NextSlot(_slots, block);
        }

        _slots.Write(slot, page, _slots.HasDevice ? PageChecksum.Of(block, page) : 0);
        if (isNew)
        {
            Take(slot);
            _slotOf.Add(block, slot);
        }

        Writes++;
    }

    /// <inheritdoc/>
    public unsafe void Read(BlockNumber block, Span<byte> page)
    {
        CheckRequest(block, page.Length);
        fixed (byte* bytes = page)
        {
            var read = new PageRead(block, bytes);
            if (ReadTogether(new Span<PageRead>(ref read)) == 0)
            {
                throw new ReflinkException(Errno.EIO, _slotOf.TryGetValue(block, out var slot)
                    ? $"block {block} does not match its checksum in {_slots!.PlaceOf(slot)}: write it anew from a good copy"
                    : $"block {block} is not in the page store: write it before reading it");
            }
        }
    }

    /// <inheritdoc/>
    public int Read(Span<PageRead> reads)
    {
        foreach (ref var read in reads)
        {
            CheckRequest(read.Block, Page.Size);
        }

        var good = 0;
        for (; reads.Length > ReadBatch; reads = reads[ReadBatch..])
        {
            good += ReadTogether(reads[..ReadBatch]);
        }

        return good + ReadTogether(reads);
    }

    /// <inheritdoc/>
    public bool Contains(BlockNumber block) => _slotOf.ContainsKey(block);

    /// <inheritdoc/>
    public void Delete(BlockNumber block)
    {
        if (_slotOf.Remove(block, out var slot))
        {
            _free.Push(slot);
            _slots!.Free(slot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _slotOf.Clear();
        _journal?.Dispose();
        if (_slots is { } slots)
        {
            _slots = null;
            slots.Release();
        }
    }

    private unsafe int ReadTogether(Span<PageRead> reads)
    {
        Span<SlotRead> slots = stackalloc SlotRead[reads.Length];
        var found = 0;
        foreach (ref var read in reads)
        {
            read.IsGood = _slotOf.TryGetValue(read.Block, out var slot);
            if (read.IsGood)
            {
                slots[found++] = new SlotRead(slot, read.Bytes);
            }
        }

        _slots?.Read(slots[..found]);
        var (good, next) = (0, 0);
        foreach (ref var read in reads)
        {
            if (read.IsGood)
            {
                read.IsGood = IsRight(read, slots[next++]);
                good += read.IsGood ? 1 : 0;
            }
        }

        Reads += good;
        return good;
    }

    // Wrong bytes are not handed out.
    private unsafe bool IsRight(in PageRead read, in SlotRead slot)
    {
        var bytes = new Span<byte>(read.Bytes, Page.Size);
        if (slot.Address != 0 && (!_slots!.HasDevice || slot.Checksum == PageChecksum.Of(read.Block, bytes)))
        {
            return true;
        }

        bytes.Clear();
        return false;
    }

    private int NextSlot(IPageSlots slots, BlockNumber block)
    {
        if (_free.TryPeek(out var slot))
        {
            return slot;
        }

        return _nextSlot < slots.Capacity ? _nextSlot : throw new ReflinkException(
            Errno.ENOSPC, $"no room for block {block}: the page store holds {_nextSlot} pages; delete some first");
    }

    // Only once its page is written: a write that fails has changed nothing.
    private void Take(int slot)
    {
        if (slot == _nextSlot)
        {
            _nextSlot++;
        }
        else
        {
            Invariant.Check(_free.Pop() == slot);
        }
    }

    private void CheckRequest(BlockNumber block, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Invariant.Check(block.Kind is BlockKind.Stored or BlockKind.Anonymous);
        Invariant.Check(length == Page.Size);
    }
}
