using System.Numerics;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Linux;

namespace Reflink.Cache.Simulation;

/// <summary>
/// One open file of a simulation that reads ahead, in large folios if it may (filemap_get_pages, mm/filemap.c, and page_cache_ra_order, mm/readahead.c).
/// </summary>
internal sealed class LinuxFile
{
    private readonly CacheSimulation _cache;
    private readonly PageTree _tree;
    private readonly Readahead _readahead = new();

    // First pages of folios that have the next window read when they are touched (PG_readahead).
    private readonly HashSet<long> _marks = [];
    private readonly int _number;
    private readonly long _pages;

    /// <summary>Opens a file.</summary>
    /// <param name="cache">A simulation of <see cref="LinuxPolicy"/>.</param>
    /// <param name="number">The file's number, as in <see cref="PageKey.Of"/>.</param>
    /// <param name="pages">How many pages it has; readahead stops there.</param>
    /// <exception cref="ReflinkException">EINVAL: the simulation has another policy.</exception>
    public LinuxFile(CacheSimulation cache, int number, long pages)
    {
        _tree = (cache.Policy as LinuxPolicy)?.Tree
            ?? throw new ReflinkException(Errno.EINVAL, $"a file that is read ahead wants the policy 'linux', not '{cache.Policy.Name}'");
        (_cache, _number, _pages) = (cache, number, pages);
    }

    /// <summary>The largest window, in pages (read_ahead_kb / 4); 0: nothing is read ahead.</summary>
    public int MaxWindow { get; init; } = 32;

    /// <summary>log2 of the pages of the largest folio, 0 to 6; 0 where the filesystem has folios of one page only.</summary>
    public int LargestOrder { get; init; } = 6;

    /// <summary>Reads one page.</summary>
    public AccessOutcome Read(PageIndex page)
    {
        var access = new PageAccess(PageKey.Of(_number, page));
        if (MaxWindow == 0)
        {
            return _cache.Access(access);
        }

        var outcome = AccessOutcome.Hit;
        if (!_cache.Contains(access.Page))
        {
            outcome = Bring(_readahead.Miss(page, 1, MaxWindow, new TreeSlots(_tree, _number)), page);
        }

        var first = page;
        while (_tree.Slot(PageKey.Of(_number, first).Value) == PageSlot.Sibling)
        {
            first += -1;
        }

        if (_marks.Remove(first.Value))
        {
            Bring(_readahead.Marked(first, page - first + 1, MaxWindow, new TreeSlots(_tree, _number), FolioPages(first), LargestOrder), page);
        }

        _readahead.Ended((page.Value + 1) << Page.Shift);
        var used = _cache.Access(access);
        return outcome == AccessOutcome.Hit ? used : outcome;
    }

    /// <summary>Writes one page whole, so that it need not be read.</summary>
    public AccessOutcome Write(PageIndex page)
    {
        var key = PageKey.Of(_number, page);
        if (!_cache.Contains(key))
        {
            _marks.Remove(page.Value);
        }

        return _cache.Access(new PageAccess(key, AccessKind.Write));
    }

    // Folios as large as they may be, until one meets a page that is in memory; then single pages for the rest.
    private AccessOutcome Bring(ReadaheadWindow window, PageIndex asked)
    {
        var outcome = AccessOutcome.Hit;
        var (start, size) = (window.Pages.Start.Value, window.Pages.Length);
        var end = Math.Min(_pages, start + size);
        var mark = start + size - window.Async;
        var at = start;
        while (at < end)
        {
            var order = OrderAt(at, end, window.Order);
            if (IsAnyIn(at, 1 << order))
            {
                break;
            }

            Add(at, order, mark & -(1L << order), asked, ref outcome);
            at += 1L << order;
        }

        var left = Math.Min(size - (at - start), _pages - at);
        for (mark = at + left - window.Async, end = at + left; at < end; at++)
        {
            if (!IsAnyIn(at, 1))
            {
                Add(at, 0, mark, asked, ref outcome);
            }
        }

        return outcome;
    }

    private static int OrderAt(long at, long end, int most)
    {
        var order = Math.Min(most, at == 0 ? most : BitOperations.TrailingZeroCount(at));
        while (at + (1L << order) > end)
        {
            order--;
        }

        return order;
    }

    private void Add(long at, int order, long mark, PageIndex asked, ref AccessOutcome outcome)
    {
        for (var n = 0; n < 1 << order; n++)
        {
            _marks.Remove(at + n);
        }

        var admission = _cache.ReadAhead(PageKey.Of(_number, new PageIndex(at)), 1 << order, default);
        if (at == mark)
        {
            _marks.Add(at);
        }

        if (asked.Value >= at && asked.Value < at + (1 << order))
        {
            outcome = admission switch
            {
                Admission.New => AccessOutcome.Miss,
                Admission.Refault => AccessOutcome.Refault,
                _ => AccessOutcome.Activation,
            };
        }
    }

    private bool IsAnyIn(long at, int pages)
    {
        for (var n = 0; n < pages; n++)
        {
            if (_cache.Contains(PageKey.Of(_number, new PageIndex(at + n))))
            {
                return true;
            }
        }

        return false;
    }

    private int FolioPages(PageIndex first)
    {
        var pages = 1;
        while ((first.Value + pages) % 64 != 0 && _tree.Slot(PageKey.Of(_number, first + pages).Value) == PageSlot.Sibling)
        {
            pages++;
        }

        return pages;
    }

    private readonly struct TreeSlots(PageTree tree, int file) : IResidentPages
    {
        public PageSlot Slot(PageIndex page) => tree.Slot(PageKey.Of(file, page).Value);
    }
}
