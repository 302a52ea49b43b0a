using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>A page store that tells which blocks were written and read in which order, and calls a test before each write.</summary>
internal sealed class WatchedPageStore(IPageStore inner) : IPageStore
{
    public List<BlockNumber> Written { get; } = [];

    /// <summary>The blocks of each call of a read.</summary>
    public List<BlockNumber[]> Asked { get; } = [];

    public Action<BlockNumber>? BeforeWrite { get; set; }

    public HashSet<BlockNumber> Damaged { get; } = [];

    public long PageCount => inner.PageCount;

    public long Reads => inner.Reads;

    public long Writes => inner.Writes;

    public void Write(BlockNumber block, ReadOnlySpan<byte> page)
    {
        BeforeWrite?.Invoke(block);
        inner.Write(block, page);
        Written.Add(block);
    }

    public void Read(BlockNumber block, Span<byte> page)
    {
        Asked.Add([block]);
        if (Damaged.Contains(block))
        {
            throw new ReflinkException(Errno.EIO, $"block {block} is damaged");
        }

        inner.Read(block, page);
    }

    public unsafe int Read(Span<PageRead> reads)
    {
        Asked.Add([.. reads.ToArray().Select(r => r.Block)]);
        foreach (ref var read in reads)
        {
            read.IsGood = !Damaged.Contains(read.Block);
            if (read.IsGood)
            {
                inner.Read(read.Block, new Span<byte>(read.Bytes, Page.Size));
            }
        }

        return reads.ToArray().Count(r => r.IsGood);
    }

    public bool Contains(BlockNumber block) => inner.Contains(block);

    public void Delete(BlockNumber block) => inner.Delete(block);

    public void Dispose() => inner.Dispose();
}
