using Reflink.Units;

namespace Reflink.Patching.Sets;

/// <summary>
/// Reads bytes here and there in ascending order, and so every page once: sites are dense, and a read of its own for each
/// would cost more than the pages.
/// </summary>
internal sealed class PageReader(long start, long end, ReadBytes read)
{
    private readonly byte[] _page = new byte[Page.Size];
    private PageIndex _held = new(-1);

    /// <summary>Reads bytes that all lie in [start, end).</summary>
    public void Read(long offset, Span<byte> into)
    {
        while (into.Length > 0)
        {
            Hold(PageIndex.Of(offset));
            var within = (int)(offset - _held.Offset);
            var step = Math.Min(into.Length, Page.Size - within);
            _page.AsSpan(within, step).CopyTo(into);
            offset += step;
            into = into[step..];
        }
    }

    private void Hold(PageIndex page)
    {
        if (page == _held)
        {
            return;
        }

        var (from, to) = (Math.Max(start, page.Offset), Math.Min(end, (page + 1).Offset));
        read(from, _page.AsSpan((int)(from - page.Offset), (int)(to - from)));
        _held = page;
    }
}
