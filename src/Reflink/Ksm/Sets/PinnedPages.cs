namespace Reflink.Ksm.Sets;

/// <summary>Pages that a device or another program may write to without going through the page table (get_user_pages): they are never merged.</summary>
internal sealed class PinnedPages
{
    private readonly Dictionary<BlockNumber, int> _pins = [];

    public bool Contains(BlockNumber block) => _pins.Count > 0 && _pins.ContainsKey(block);

    public void Add(BlockNumber block) => _pins[block] = _pins.GetValueOrDefault(block) + 1;

    public void Remove(BlockNumber block)
    {
        if (--_pins[block] == 0)
        {
            _pins.Remove(block);
        }
    }
}
