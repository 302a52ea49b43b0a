namespace Reflink.Store.Slots;

/// <summary>
/// Which slot a block is in. Beside the table stands the block of each slot, 8 bytes: with it a guess is checked, and blocks
/// that were written one after the other are found without the table.
/// </summary>
internal sealed class SlotTable
{
    private readonly Dictionary<BlockNumber, int> _slotOf = [];
    private readonly PlaceHints _hints = new();
    private BlockNumber[] _blockOf = new BlockNumber[16];

    /// <summary>How many blocks have a slot.</summary>
    public int Count => _slotOf.Count;

    /// <summary>The slot of a block, which is not block 0.</summary>
    public bool TryGetValue(BlockNumber block, out int slot)
    {
        var guess = _hints.Guess((ulong)block.Value);
        if (guess < (ulong)_blockOf.Length && _blockOf[guess] == block)
        {
            slot = (int)guess;
            return true;
        }

        if (!_slotOf.TryGetValue(block, out slot))
        {
            return false;
        }

        _hints.Learn((ulong)block.Value, slot);
        return true;
    }

    /// <summary>Every block that has a slot, in no order.</summary>
    public IEnumerable<BlockNumber> Blocks => _slotOf.Keys;

    /// <summary>The block of a slot; block 0 if the slot is free.</summary>
    public BlockNumber BlockOf(int slot) => slot < _blockOf.Length ? _blockOf[slot] : BlockNumber.Zero;

    /// <summary>Whether a block has a slot.</summary>
    public bool ContainsKey(BlockNumber block) => _slotOf.ContainsKey(block);

    /// <summary>Gives a block that has no slot a free one.</summary>
    public void Add(BlockNumber block, int slot)
    {
        if (slot >= _blockOf.Length)
        {
            Array.Resize(ref _blockOf, Math.Max(slot + 1, _blockOf.Length * 2));
        }

        _slotOf.Add(block, slot);
        _blockOf[slot] = block;
    }

    /// <summary>Takes a block's slot from it.</summary>
    public bool Remove(BlockNumber block, out int slot)
    {
        var had = _slotOf.Remove(block, out slot);
        if (had)
        {
            _blockOf[slot] = BlockNumber.Zero;
        }

        return had;
    }

    /// <summary>Forgets every block.</summary>
    public void Clear()
    {
        _slotOf.Clear();
        Array.Clear(_blockOf);
    }
}
