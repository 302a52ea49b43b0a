using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>
/// A page store that must never hear of a derived block or of block 0, in whatever call: neither has storage, so who asks
/// has taken a wrong turn. Stricter than <see cref="IPageStore"/>, which answers Contains and Delete for any number.
/// </summary>
internal sealed class RefusingPageStore(IPageStore inner) : IPageStore
{
    public long PageCount => inner.PageCount;

    public long Reads => inner.Reads;

    public long Writes => inner.Writes;

    public void Write(BlockNumber block, ReadOnlySpan<byte> page) => inner.Write(Accept(block), page);

    public void Read(BlockNumber block, Span<byte> page) => inner.Read(Accept(block), page);

    public bool Contains(BlockNumber block) => inner.Contains(Accept(block));

    public void Delete(BlockNumber block) => inner.Delete(Accept(block));

    public void Dispose() => inner.Dispose();

    private static BlockNumber Accept(BlockNumber block) => block.Kind is BlockKind.Derived or BlockKind.Zero
        ? throw new InvariantException($"the page store was asked for block {block}, which has no storage")
        : block;
}
