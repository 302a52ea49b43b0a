using Reflink.Cache;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Which windows are read ahead, by hand from mm/readahead.c; no machine is needed.</summary>
public sealed class ReadaheadTests
{
    private const int Most = 32;

    private readonly SortedSet<long> _resident = [];
    private readonly Dictionary<long, bool> _marks = [];
    private readonly List<string> _windows = [];

    private readonly Readahead _state = new();

    [Fact]
    public void A_stream_of_single_pages_doubles_its_window_up_to_the_most()
    {
        Stream(_state, 0, 100, 1);
        Assert.Equal(["[0,4) mark 1", "[4,12) mark 4", "[12,28) mark 12", "[28,60) mark 28", "[60,92) mark 60", "[92,124) mark 92", "[124,156) mark 124"], _windows);
    }

    [Theory]
    [InlineData(2, "[0,4) mark 2")]
    [InlineData(3, "[0,8) mark 3")]
    [InlineData(8, "[0,16) mark 8")]
    [InlineData(9, "[0,32) mark 9")]
    [InlineData(32, "[0,32) mark 0")]
    [InlineData(300, "[0,32) mark 0")]
    public void The_first_window_comes_from_the_request(int requested, string window)
    {
        Note(_state.Miss(new PageIndex(0), requested, Most, new Pages(_resident)));
        Assert.Equal([window], _windows);
    }

    [Fact]
    public void A_random_page_is_read_alone()
    {
        Touch(_state, 1000, 1);
        Touch(_state, 50, 1);
        Touch(_state, 7000, 3);
        Assert.Equal(["[1000,1001)", "[50,51)", "[7000,7003)"], _windows);
    }

    [Fact]
    public void A_miss_behind_more_pages_than_are_wanted_is_a_stream()
    {
        _resident.UnionWith([95, 96, 97, 98, 99, 93]);
        Touch(_state, 100, 2);
        Assert.Equal(["[100,107) mark 106"], _windows);
    }

    [Fact]
    public void A_run_from_the_beginning_of_the_file_counts_twice()
    {
        _resident.UnionWith([0, 1, 2, 3, 4]);
        Touch(_state, 5, 2);
        Assert.Equal(["[5,17) mark 16"], _windows);
    }

    [Fact]
    public void Two_who_read_in_turns_through_one_file_read_each_its_own_windows()
    {
        var other = new Readahead();
        for (var n = 0; n < 8; n++)
        {
            Stream(_state, n, 1, 1);
            Stream(other, 1000 + n, 1, 1);
        }

        Assert.Equal(["[0,4) mark 1", "[1000,1001)", "[4,12) mark 4", "[1001,1005) mark 1002", "[1005,1013) mark 1005", "[12,28) mark 12", "[1013,1029) mark 1013"], _windows);
    }

    [Fact]
    public void A_mark_of_somebody_else_goes_on_where_memory_ends()
    {
        Stream(_state, 0, 3, 1);
        _windows.Clear();
        _marks[4] = true;
        Touch(new Readahead(), 4, 1);
        Assert.Equal(["[12,30) mark 12"], _windows);
    }

    [Fact]
    public void A_mark_before_more_memory_than_a_window_is_left()
    {
        _resident.UnionWith(Enumerable.Range(0, 60).Select(n => (long)n));
        _marks[4] = true;
        Touch(_state, 4, 1);
        Assert.Equal(["[0,0)"], _windows);
    }

    [Theory]
    [InlineData(100, "[92,100) mark -1")]
    [InlineData(124, "[92,124) mark 92")]
    [InlineData(123, "[92,123) mark -1")]
    [InlineData(50, "[92,92) mark -1")]
    public void The_end_of_the_file_cuts_a_window_and_its_mark(int pages, string expected)
    {
        var window = new ReadaheadWindow(new PageRange(new PageIndex(92), 32), 32).ClipTo(pages);
        var mark = Enumerable.Range(92, 40).FirstOrDefault(p => window.IsMark(new PageIndex(p)), -1);
        Assert.Equal(expected, $"[92,{92 + window.Pages.Length}) mark {mark}");
    }

    private void Stream(Readahead state, long from, int count, int step)
    {
        for (var page = from; page < from + count; page += step)
        {
            Touch(state, page, step);
            state.Ended((page + step) << Page.Shift);
        }
    }

    private void Touch(Readahead state, long page, int requested)
    {
        if (!_resident.Contains(page))
        {
            Note(state.Miss(new PageIndex(page), requested, Most, new Pages(_resident)));
        }

        if (_marks.Remove(page))
        {
            Note(state.Marked(new PageIndex(page), requested, Most, new Pages(_resident)));
        }
    }

    private void Note(ReadaheadWindow window)
    {
        var mark = "";
        for (var page = window.Pages.Start; page < window.Pages.End; page += 1)
        {
            if (_resident.Add(page.Value) && window.IsMark(page))
            {
                _marks[page.Value] = true;
                mark = $" mark {page}";
            }
        }

        _windows.Add(window.Pages + mark);
    }

    private readonly struct Pages(SortedSet<long> resident) : IResidentPages
    {
        public PageSlot Slot(PageIndex page) => resident.Contains(page.Value) ? PageSlot.Page : PageSlot.Empty;
    }
}
