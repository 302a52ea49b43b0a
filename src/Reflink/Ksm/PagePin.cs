using Reflink.Ksm.Sets;

namespace Reflink.Ksm;

/// <summary>Keeps pages from being merged until it is disposed, as while a device may write to them without going through the page table (O_DIRECT, vmsplice(2)).</summary>
public sealed class PagePin : IDisposable
{
    private readonly PinnedPages _pins;
    private readonly List<BlockNumber> _blocks;
    private bool _disposed;

    internal PagePin(PinnedPages pins, List<BlockNumber> blocks)
    {
        (_pins, _blocks) = (pins, blocks);
        blocks.ForEach(pins.Add);
    }

    /// <summary>How many pages are pinned.</summary>
    public int Count => _blocks.Count;

    /// <summary>Unpins the pages.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _blocks.ForEach(_pins.Remove);
        }
    }
}
