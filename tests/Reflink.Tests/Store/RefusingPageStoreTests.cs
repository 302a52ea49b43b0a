using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

public sealed class RefusingPageStoreTests
{
    [Fact]
    public void Refuses_blocks_without_storage_in_every_call()
    {
        using var store = new RefusingPageStore(new DictionaryPageStore());
        var page = Of(1);
        foreach (var block in (BlockNumber[])[BlockNumber.Zero, Derived(1)])
        {
            Assert.Throws<InvariantException>(() => store.Write(block, page));
            Assert.Throws<InvariantException>(() => store.Read(block, page));
            Assert.Throws<InvariantException>(() => store.Contains(block));
            Assert.Throws<InvariantException>(() => store.Delete(block));
        }
    }

    [Fact]
    public void Lets_all_else_through()
    {
        using var store = new RefusingPageStore(new DictionaryPageStore());
        var page = new byte[Page.Size];
        store.Write(Stored(1), Of(1));
        store.Read(Stored(1), page);
        Assert.Equal(Of(1), page);
        Assert.Equal((1, 1, 1), (store.PageCount, store.Reads, store.Writes));
        store.Delete(Stored(1));
        Assert.False(store.Contains(Stored(1)));
    }
}
