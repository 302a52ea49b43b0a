using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>A page store too stupid to be wrong, for tests that want to be blind to FASTER.</summary>
public sealed class DictionaryPageStore : IPageStore
{
    private readonly Dictionary<BlockNumber, byte[]> _pages = [];

    public long PageCount => _pages.Count;

    public long Reads { get; private set; }

    public long Writes { get; private set; }

    public void Write(BlockNumber block, ReadOnlySpan<byte> page)
    {
        Check(block, page.Length);
        _pages[block] = page.ToArray();
        Writes++;
    }

    public void Read(BlockNumber block, Span<byte> page)
    {
        Check(block, page.Length);
        if (!_pages.TryGetValue(block, out var bytes))
        {
            throw new ReflinkException(Errno.EIO, $"block {block} is not in the page store: write it before reading it");
        }

        bytes.CopyTo(page);
        Reads++;
    }

    public bool Contains(BlockNumber block) => _pages.ContainsKey(block);

    public void Delete(BlockNumber block) => _pages.Remove(block);

    public void Dispose() => _pages.Clear();

    private static void Check(BlockNumber block, int length)
    {
        Invariant.Check(block.Kind is BlockKind.Stored or BlockKind.Anonymous);
        Invariant.Check(length == Page.Size);
    }
}
