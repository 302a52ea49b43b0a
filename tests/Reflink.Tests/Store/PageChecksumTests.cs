using Reflink.Store;
using Reflink.Store.Slots;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>Damage is done behind the store's back, in its slots: the first block written lies in slot 0, the next in slot 1.</summary>
public sealed class PageChecksumTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly FileSlots _slots;
    private readonly FasterPageStore _store;
    private readonly byte[] _page = new byte[Page.Size];

    public PageChecksumTests()
    {
        _slots = FileSlotsOf.Pages(8, _folder.Path);
        _store = new FasterPageStore(_slots);
        _store.Write(Stored(1), Of(1));
        _store.Write(Stored(2), Of(2));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2049)]
    [InlineData(Page.Size - 1)]
    public void One_wrong_bit_is_an_io_error_and_no_wrong_byte_comes_out(int offset)
    {
        var damaged = Of(1);
        damaged[offset] ^= 1;
        _slots.Write(0, damaged, PageChecksum.Of(Stored(1), Of(1)));
        AssertBad(Stored(1));
    }

    [Fact]
    public void A_wrong_checksum_is_an_io_error()
    {
        _slots.Write(0, Of(1), PageChecksum.Of(Stored(1), Of(1)) ^ 1);
        AssertBad(Stored(1));
    }

    [Fact]
    public void A_good_page_in_another_blocks_place_is_an_io_error()
    {
        var checksum = _slots.Read(1, _page);
        _slots.Write(0, _page, checksum);
        AssertBad(Stored(1));
    }

    [Fact]
    public void Writing_the_block_anew_heals_it()
    {
        _slots.Write(0, Of(3), 0);
        AssertBad(Stored(1));
        _store.Write(Stored(1), Of(1));
        _store.Read(Stored(1), _page);
        Assert.Equal(Of(1), _page);
    }

    private void AssertBad(BlockNumber block)
    {
        var error = Assert.Throws<ReflinkException>(() => _store.Read(block, _page));
        Assert.Equal(Errno.EIO, error.Error);
        Assert.Contains(block.ToString(), error.Message);
        Assert.Equal(new byte[Page.Size], _page);
        Assert.Equal(0, _store.Reads);
        _store.Read(Stored(2), _page);
        Assert.Equal(Of(2), _page);
    }
}
