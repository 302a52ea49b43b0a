using Reflink.Store;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>Looks at the memory of the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(PageStoreDisposalTests))]
[CollectionDefinition(nameof(PageStoreDisposalTests), DisableParallelization = true)]
public sealed class PageStoreDisposalTests
{
    // A set of slots takes more than 8 MiB, so that five that stay behind are too many.
    private const long Tolerated = 40 << 20;

    private readonly byte[] _page = Of(1);

    [Fact]
    public void Two_thousand_stores_leave_nothing_behind() => AssertMemoryStays(2000, pages: 3);

    [Fact]
    public void Stores_too_large_to_be_kept_leave_nothing_behind() => AssertMemoryStays(20, pages: 3000);

    [Fact]
    public void A_disposed_store_refuses_and_may_be_disposed_again()
    {
        var store = new FasterPageStore();
        store.Write(Stored(1), _page);
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Write(Stored(1), _page));
        Assert.Throws<ObjectDisposedException>(() => store.Read(Stored(1), _page));
    }

    private void AssertMemoryStays(int stores, int pages)
    {
        Use(1, pages);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Use(stores, pages);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Tolerated);
    }

    private void Use(int stores, int pages)
    {
        for (var count = 0; count < stores; count++)
        {
            using var store = new FasterPageStore();
            for (var serial = 1; serial <= pages; serial++)
            {
                store.Write(Stored(serial), _page);
            }
        }
    }
}
