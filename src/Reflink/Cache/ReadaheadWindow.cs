namespace Reflink.Cache;

/// <summary>Pages that are to be read together.</summary>
/// <param name="Pages">The pages; those in memory are left out.</param>
/// <param name="Async">Distance of the mark from the end of the window, in pages; 0: the window has no mark.</param>
/// <param name="Order">log2 of the pages of the folios to read them into, where alignment and what is in memory allow it.</param>
internal readonly record struct ReadaheadWindow(PageRange Pages, long Async, int Order = 0)
{
    /// <summary>The part before the end of the file; the mark keeps its distance from the end, and is gone where that is too far.</summary>
    public ReadaheadWindow ClipTo(long pageCount) =>
        this with { Pages = Pages.Intersect(PageRange.Between(default, new PageIndex(pageCount))) };

    /// <summary>Whether touching the page is to have the next window read.</summary>
    public bool IsMark(PageIndex page) => Async > 0 && Async <= Pages.Length && page == Pages.End + -Async;
}
