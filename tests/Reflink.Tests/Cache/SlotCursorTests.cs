using Reflink.Cache;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Walks through the slots of a page tree, by hand from lib/xarray.c. P begins a folio, s belongs to it, S begins a shadow entry.</summary>
public sealed class SlotCursorTests
{
    [Theory]
    [InlineData("PPP.", 0, 3)]
    [InlineData("S", 0, 0)]
    [InlineData("PPS", 0, 2)]
    [InlineData("PsssP.", 0, 5)]
    [InlineData("PsssP.", 2, 5)] // It reads slots 0 to 4 for pages 2 to 6.
    [InlineData("PSs.", 0, 1)]
    public void Upwards(string slots, int from, int run) => Assert.Equal(run, new SlotCursor(new PageIndex(from)).RunUp(32, new Row(slots)));

    [Theory]
    [InlineData(".PPP", 3, 3)]
    [InlineData("..Psss", 5, 1)] // It reads slot 2 for page 5, then the hole.
    [InlineData("SsssP", 4, 4)] // Only the first slot shows that it is a shadow.
    [InlineData("Ssss", 3, 0)]
    [InlineData("PPPP", 3, 4)]
    public void Downwards(string slots, int from, int run) => Assert.Equal(run, new SlotCursor(new PageIndex(from)).RunDown(32, new Row(slots)));

    [Fact]
    public void Another_node_is_entered_at_the_page_itself()
    {
        // The folio is pages 60 to 63; from 62 on the walk lags by two, until page 66 is the first in another node.
        var row = new string('.', 60) + "Psss" + "..P.";
        Assert.Equal(5, new SlotCursor(new PageIndex(62)).RunUp(32, new Row(row)));
    }

    private readonly struct Row(string slots) : IResidentPages
    {
        public PageSlot Slot(PageIndex page) => (page.Value < slots.Length ? slots[(int)page.Value] : '.') switch
        {
            'P' => PageSlot.Page,
            's' => PageSlot.Sibling,
            'S' => PageSlot.Shadow,
            _ => PageSlot.Empty,
        };
    }
}
