using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>A page store that has room for so many pages.</summary>
internal sealed class FullPageStore(IPageStore inner, int room) : IPageStore
{
    public long PageCount => inner.PageCount;

    public long Reads => inner.Reads;

    public long Writes => inner.Writes;

    public void Write(BlockNumber block, ReadOnlySpan<byte> page)
    {
        if (!inner.Contains(block) && inner.PageCount >= room)
        {
            throw new ReflinkException(Errno.ENOSPC, $"no room for block {block}: the page store holds {room} pages; delete some first");
        }

        inner.Write(block, page);
    }

    public void Read(BlockNumber block, Span<byte> page) => inner.Read(block, page);

    public bool Contains(BlockNumber block) => inner.Contains(block);

    public void Delete(BlockNumber block) => inner.Delete(block);

    public void Dispose() => inner.Dispose();
}
