using Reflink.Store;
using Reflink.Tests.Measuring;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>What the store allocates on this thread: FASTER's log pages and index are managed arrays, so they count too.</summary>
public sealed class PageStoreMemoryTests
{
    private const int OneLogPage = 1 << 20;

    private readonly byte[] _page = Of(1);

    [Fact]
    public void A_store_that_was_never_written_costs_next_to_nothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var store = new FasterPageStore())
        {
            Assert.False(store.Contains(Stored(1)));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
    }

    [Fact]
    public void A_million_fresh_numbers_need_no_more_memory_than_the_pages_held_at_once()
    {
        const int Held = 100;
        using var store = new FasterPageStore();
        Swap(store, 1, 1000, Held);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Swap(store, 1001, 1_000_000, Held);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, OneLogPage - 1);
        Assert.Equal(Held, store.PageCount);
    }

    [Fact]
    public void Nothing_is_allocated_once_the_pages_are_there()
    {
        const int Count = 5000;
        using var store = new FasterPageStore();
        Touch(store, Count);
        Allocations.AssertNone(() => Touch(store, Count));
    }

    /// <summary>Swap out under a fresh number, swap in: a window of <paramref name="held"/> pages moves up the numbers.</summary>
    private void Swap(FasterPageStore store, long first, long last, int held)
    {
        for (var serial = first; serial <= last; serial++)
        {
            store.Delete(Anonymous(serial - held));
            store.Write(Anonymous(serial), _page);
        }
    }

    private unsafe void Touch(FasterPageStore store, int count)
    {
        fixed (byte* bytes = _page)
        {
            Span<PageRead> reads = [new(Stored(1), bytes), new(Stored(2), bytes)];
            store.Read(reads);
        }

        for (var serial = 1; serial <= count; serial++)
        {
            store.Write(Stored(serial), _page);
            store.Read(Stored(serial), _page);
        }
    }
}
