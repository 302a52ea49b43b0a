namespace Reflink.Patching.Sets;

/// <summary>
/// Reads small pieces of a file in ascending order and each page once: sites are dense, and one read for each site would cost more than
/// one for each page.
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
