using Reflink.Store;
using Reflink.Store.Slots;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>The edges of the FASTER log: full, index grown, and given back.</summary>
public sealed class MemorySlotsTests
{
    private const int SmallMemoryBits = 22;
    private const int SmallLogPageBits = 18;

    private readonly byte[] _page = new byte[Page.Size];

    [Fact]
    public void A_full_store_says_so_and_has_lost_nothing()
    {
        var slots = new MemorySlots(SmallMemoryBits, SmallLogPageBits);
        using var store = new FasterPageStore(slots);
        for (var serial = 1; serial <= slots.Capacity; serial++)
        {
            store.Write(Stored(serial), Of(serial));
        }

        var error = Assert.Throws<ReflinkException>(() => store.Write(Stored(slots.Capacity + 1), Of(0)));
        Assert.Equal(Errno.ENOSPC, error.Error);
        Assert.Equal((slots.Capacity, slots.Capacity), (store.PageCount, store.Writes));
        AssertHolds(store, 1, slots.Capacity);

        store.Delete(Stored(1));
        store.Write(Stored(slots.Capacity + 1), Of(slots.Capacity + 1));
        AssertHolds(store, 2, slots.Capacity + 1);
    }

    [Fact]
    public void A_growing_index_loses_nothing()
    {
        // 36,000 pages are past the first two doublings of the index.
        const int Count = 36_000;
        using var slots = new MemorySlots();
        for (var slot = 0; slot < Count; slot++)
        {
            BitConverter.TryWriteBytes(_page, slot);
            slots.Write(slot, _page, (ulong)slot);
        }

        for (var slot = 0; slot < Count; slot++)
        {
            Assert.Equal((ulong)slot, slots.Read(slot, _page));
            Assert.Equal(slot, BitConverter.ToInt32(_page));
        }
    }

    [Fact]
    public void A_store_on_used_slots_sees_nothing_of_the_last_one()
    {
        var slots = new MemorySlots(SmallMemoryBits, SmallLogPageBits);
        new FasterPageStore(slots).Write(Stored(1), Of(1));
        using var store = new FasterPageStore(slots);
        Assert.False(store.Contains(Stored(1)));
        Assert.Throws<ReflinkException>(() => store.Read(Stored(1), _page));
        store.Write(Stored(2), Of(2));
        Assert.Throws<ReflinkException>(() => store.Read(Stored(1), _page));
    }

    [Fact]
    public void Slots_of_another_size_are_not_kept_for_the_next_store()
    {
        var small = new MemorySlots(SmallMemoryBits, SmallLogPageBits);
        small.Release();
        var next = MemorySlots.Rent();
        Assert.NotSame(small, next);
        Assert.True(next.Capacity > 1 << 20);
        next.Release();
    }

    private void AssertHolds(FasterPageStore store, int first, int last)
    {
        for (var serial = first; serial <= last; serial++)
        {
            store.Read(Stored(serial), _page);
            Assert.Equal(Of(serial), _page);
        }
    }
}
