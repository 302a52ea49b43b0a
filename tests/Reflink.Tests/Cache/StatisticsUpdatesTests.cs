using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Linux;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>When a read of memory.stat flushes a group's counters, counted by hand for two processors: from 192 updates on.</summary>
public sealed class StatisticsUpdatesTests
{
    [Fact]
    public void Thirty_three_new_mapped_pages_of_which_a_batch_is_listed_are_enough_for_a_flush_and_one_less_is_not()
    {
        // Five updates a page, and one for each of the 31 pages of a batch: 191, then 196.
        var updates = new StatisticsUpdates(2);
        for (var page = 1; page <= 31; page++)
        {
            updates.Enter(FolioKind.File, AccessKind.Load, Admission.New);
            updates.List();
        }

        updates.Enter(FolioKind.File, AccessKind.Load, Admission.New);
        Assert.False(updates.NeedFlush);
        updates.Enter(FolioKind.File, AccessKind.Load, Admission.New);
        Assert.True(updates.NeedFlush);
        updates.Flush();
        Assert.False(updates.NeedFlush);
    }

    [Theory]
    [InlineData(Admission.New, 96)]
    [InlineData(Admission.Refault, 64)]
    [InlineData(Admission.Activated, 48)]
    public void Pages_that_are_read_take_more_of_them_the_less_is_counted_of_each(Admission admission, int pages)
    {
        var updates = new StatisticsUpdates(2);
        var count = 0;
        for (; !updates.NeedFlush; count++)
        {
            updates.Enter(FolioKind.File, AccessKind.Read, admission);
        }

        Assert.Equal(pages, count);
    }

    [Theory]
    [InlineData(Admission.New, 64)]
    [InlineData(Admission.Refault, 28)]
    [InlineData(Admission.Activated, 24)]
    public void Anonymous_pages_take_fewer_if_they_come_from_swap(Admission admission, int pages)
    {
        var updates = new StatisticsUpdates(2);
        var count = 0;
        for (; !updates.NeedFlush; count++)
        {
            updates.Enter(FolioKind.Anonymous, AccessKind.Store, admission);
        }

        Assert.Equal(pages, count);
    }

    [Fact]
    public void A_reclaim_is_always_enough_and_without_processors_every_flush_is_done()
    {
        var updates = new StatisticsUpdates(4);
        Assert.False(updates.NeedFlush);
        updates.Reclaim();
        Assert.True(updates.NeedFlush);
        Assert.True(new StatisticsUpdates(0).NeedFlush);
    }
}
