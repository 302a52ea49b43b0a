using Reflink.Units;

namespace Reflink.Store;

/// <summary>
/// A page store in memory, on Microsoft FASTER. A block lives in a slot, a slot is a FASTER key, and a deleted block's slot
/// goes to the next new block: memory is bounded by the most pages ever held at once, however many numbers come and go.
/// </summary>
public sealed class FasterPageStore : IPageStore
{
    private readonly Dictionary<BlockNumber, int> _slotOf = [];
    private readonly Stack<int> _free = [];

    // Slots from here on were never given out by this store; those below are in _slotOf or in _free, never in both.
    private int _nextSlot;

    // A machine that never writes back never has slots, and costs nothing.
    private PageSlots? _slots;
    private bool _disposed;

    /// <summary>An empty store.</summary>
    public FasterPageStore()
    {
    }

    internal FasterPageStore(PageSlots slots) => _slots = slots;

    /// <inheritdoc/>
    public long PageCount => _slotOf.Count;

    /// <inheritdoc/>
    public long Reads { get; private set; }

    /// <inheritdoc/>
    public long Writes { get; private set; }

    /// <inheritdoc/>
    public void Write(BlockNumber block, ReadOnlySpan<byte> page)
    {
        CheckRequest(block, page.Length);
        _slots ??= PageSlots.Rent();
        if (!_slotOf.TryGetValue(block, out var slot))
        {
            slot = TakeSlot(_slots, block);
            _slotOf.Add(block, slot);
        }

        _slots.Write(slot, page, PageChecksum.Of(block, page));
        Writes++;
    }

    /// <inheritdoc/>
    public void Read(BlockNumber block, Span<byte> page)
    {
        CheckRequest(block, page.Length);
        if (_slots is null || !_slotOf.TryGetValue(block, out var slot))
        {
            throw new ReflinkException(Errno.EIO, $"block {block} is not in the page store: write it before reading it");
        }

        var checksum = _slots.Read(slot, page);
        if (checksum != PageChecksum.Of(block, page))
        {
            page.Clear();
            throw new ReflinkException(
                Errno.EIO, $"block {block} does not match its checksum in the page store: write it anew from a good copy");
        }

        Reads++;
    }

    /// <inheritdoc/>
    public bool Contains(BlockNumber block) => _slotOf.ContainsKey(block);

    /// <inheritdoc/>
    public void Delete(BlockNumber block)
    {
        if (_slotOf.Remove(block, out var slot))
        {
            _free.Push(slot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _slotOf.Clear();
        if (_slots is { } slots)
        {
            _slots = null;
            PageSlots.Return(slots);
        }
    }

    private int TakeSlot(PageSlots slots, BlockNumber block)
    {
        if (_free.TryPop(out var slot))
        {
            return slot;
        }

        if (_nextSlot == slots.Capacity)
        {
            throw new ReflinkException(
                Errno.ENOSPC, $"no room for block {block}: the page store holds {_nextSlot} pages; delete some first");
        }

        return _nextSlot++;
    }

    private void CheckRequest(BlockNumber block, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Invariant.Check(block.Kind is BlockKind.Stored or BlockKind.Anonymous);
        Invariant.Check(length == Page.Size);
    }
}
