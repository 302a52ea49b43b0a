using Reflink.Store;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>What every page store must do. A store's own tests derive from this and say how to make one.</summary>
public abstract class PageStoreConformance : IDisposable
{
    private readonly IPageStore _store;
    private readonly byte[] _buffer = new byte[Page.Size];

    protected PageStoreConformance() => _store = Create();

    public void Dispose()
    {
        _store.Dispose();
        Cleanup();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Reads_back_what_was_written()
    {
        _store.Write(Stored(1), Of(1));
        _store.Write(Stored(2), Of(2));
        Assert.Equal(Of(1), Read(Stored(1)));
        Assert.Equal(Of(2), Read(Stored(2)));
    }

    [Fact]
    public void Keeps_the_bytes_and_not_the_buffer()
    {
        var page = Of(1);
        _store.Write(Stored(1), page);
        page[0]++;
        Read(Stored(1))[1]++;
        Assert.Equal(Of(1), Read(Stored(1)));
    }

    [Fact]
    public void Overwrites()
    {
        _store.Write(Stored(1), Of(1));
        _store.Write(Stored(1), Of(2));
        Assert.Equal(Of(2), Read(Stored(1)));
        Assert.Equal(1, _store.PageCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(300)]
    public void Many_pages_come_in_one_call(int count)
    {
        for (var serial = 1; serial <= count; serial++)
        {
            _store.Write(Stored(serial), Of(serial));
        }

        var order = Enumerable.Range(1, count).ToArray();
        new Random(1).Shuffle(order);
        Assert.Equal(order.Select(Of), _store.ReadMany([.. order.Select(n => Stored(n))]));
        Assert.Equal(count, _store.Reads);
    }

    [Fact]
    public void Of_many_pages_the_missing_ones_are_told_and_the_others_read()
    {
        _store.Write(Stored(1), Of(1));
        _store.Write(Anonymous(3), Of(3));
        _store.Write(Stored(4), Of(4));
        _store.Delete(Stored(4));
        Assert.Equal([null, Of(1), null, Of(3), null, Of(1)], _store.ReadMany(Stored(2), Stored(1), Stored(3), Anonymous(3), Stored(4), Stored(1)));
        Assert.Equal(3, _store.Reads);
    }

    [Fact]
    public void Tells_kinds_with_the_same_serial_apart()
    {
        _store.Write(Stored(1), Of(1));
        Assert.False(_store.Contains(Anonymous(1)));
        _store.Write(Anonymous(1), Of(2));
        Assert.Equal(Of(1), Read(Stored(1)));
        Assert.Equal(Of(2), Read(Anonymous(1)));
    }

    [Fact]
    public void A_block_never_written_is_an_io_error_that_names_it()
    {
        var error = Assert.Throws<ReflinkException>(() => Read(Stored(7)));
        Assert.Equal(Errno.EIO, error.Error);
        Assert.Contains("s7", error.Message);
        _store.Write(Stored(1), Of(1));
        Assert.Throws<ReflinkException>(() => Read(Stored(7)));
    }

    [Fact]
    public void A_deleted_block_is_gone_and_its_place_serves_another()
    {
        _store.Write(Stored(1), Of(1));
        _store.Delete(Stored(1));
        Assert.False(_store.Contains(Stored(1)));
        _store.Write(Stored(2), Of(2));
        Assert.Equal(Errno.EIO, Assert.Throws<ReflinkException>(() => Read(Stored(1))).Error);
        Assert.Equal(Of(2), Read(Stored(2)));
    }

    [Fact]
    public void Deleting_twice_frees_once()
    {
        _store.Write(Stored(1), Of(1));
        _store.Delete(Stored(1));
        _store.Delete(Stored(1));
        _store.Write(Stored(2), Of(2));
        _store.Write(Stored(3), Of(3));
        Assert.Equal(Of(2), Read(Stored(2)));
        Assert.Equal(Of(3), Read(Stored(3)));
    }

    [Fact]
    public void Counts_pages_and_calls_that_succeeded()
    {
        _store.Write(Stored(1), Of(1));
        _store.Write(Stored(2), Of(2));
        _store.Write(Stored(2), Of(3));
        Read(Stored(1));
        Assert.Throws<ReflinkException>(() => Read(Stored(9)));
        _store.Delete(Stored(1));
        Assert.Equal((1, 1, 3), (_store.PageCount, _store.Reads, _store.Writes));
    }

    [Fact]
    public void Blocks_without_storage_are_refused()
    {
        foreach (var block in (BlockNumber[])[BlockNumber.Zero, Derived(1)])
        {
            Assert.Throws<InvariantException>(() => _store.Write(block, Of(1)));
            Assert.Throws<InvariantException>(() => Read(block));
            Assert.False(_store.Contains(block));
            _store.Delete(block);
        }

        Assert.Equal(0, _store.PageCount);
    }

    [Theory]
    [InlineData(Page.Size - 1)]
    [InlineData(Page.Size + 1)]
    public void Only_whole_pages_pass(int length)
    {
        _store.Write(Stored(1), Of(1));
        Assert.Throws<InvariantException>(() => _store.Write(Stored(1), new byte[length]));
        Assert.Throws<InvariantException>(() => _store.Read(Stored(1), new byte[length]));
        Assert.Equal(Of(1), Read(Stored(1)));
    }

    internal abstract IPageStore Create();

    /// <summary>Removes what the store was made on.</summary>
    protected virtual void Cleanup()
    {
    }

    private byte[] Read(BlockNumber block)
    {
        _store.Read(block, _buffer);
        return _buffer.ToArray();
    }
}
