using Reflink.Cache;
using Reflink.Tests.Store;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Dirty, on its way to the store, clean; and what happens to a frame meanwhile.</summary>
public sealed class WritebackTests : IDisposable
{
    private const int Pages = 200;

    private readonly WatchedPageStore _store = new(new DictionaryPageStore());
    private readonly Machine _machine;
    private readonly OpenFile _file;

    public WritebackTests()
    {
        _machine = new Machine(new MachineOptions { Memory = 4 * Pages * Page.Size, PageStore = _store });

        // Frames that are given back are taken again from the last: frames and blocks lie in different orders.
        using (var gone = _machine.Volume.Create("/gone"))
        {
            gone.Write(0, Filled(3, Pages / 2));
        }

        _machine.Volume.Unlink("/gone");
        _file = _machine.Volume.Create("/f");
        _file.Write(0, Filled(1, Pages));
        _machine.Volume.Clone("/f", "/g");
        for (var page = Pages - 2; page >= 0; page -= 2)
        {
            _file.Write((long)page * Page.Size, Filled(2, 1));
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void Frames_go_to_the_store_in_the_order_of_their_blocks()
    {
        Assert.Equal(Pages * 3 / 2, _machine.Cache.Dirty.CleanAll());
        Assert.Equal(Pages * 3 / 2, _store.Written.Count);
        Assert.Equal(_store.Written.Order(), _store.Written);
        Assert.Equal(0, _machine.Cache.DirtyFrames);
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_page_that_is_written_meanwhile_stays_dirty_and_is_written_again()
    {
        _store.BeforeWrite = _ =>
        {
            _store.BeforeWrite = null;
            _file.Write(Page.Size, Filled(9, 1));
        };
        _machine.Cache.Dirty.CleanAll();
        Assert.Equal(1, _machine.Cache.DirtyFrames);
        Fsck.Require(_machine);
        _machine.DropCaches();
        Assert.Equal(0, _machine.Cache.Resident);
        var bytes = new byte[Page.Size];
        _file.Read(Page.Size, bytes);
        Assert.Equal(Filled(9, 1), bytes);
    }

    [Fact]
    public void A_frame_on_its_way_is_neither_evicted_nor_dropped()
    {
        var (evicted, dropped, resident) = (true, -1, 0);
        _store.BeforeWrite = block =>
        {
            _store.BeforeWrite = null;
            Assert.True(_machine.Cache.TryPeek(block, default, out var frame));
            evicted = _machine.Cache.Reclaimer.TryEvict(frame);
            resident = _machine.Cache.Resident;
            dropped = _machine.Cache.Reclaimer.DropClean();
        };
        _machine.Cache.Dirty.CleanAll();
        Assert.Equal((false, 0), (evicted, dropped));
        Assert.Equal(resident, _machine.Cache.Resident);
        Fsck.Require(_machine);
    }

    [Theory]
    [InlineData(Errno.ENOSPC, 0)]
    [InlineData(Errno.ENOSPC, 70)]
    [InlineData(Errno.EIO, 100)]
    public void What_could_not_be_written_is_dirty_again_and_one_error_says_so(Errno error, int room)
    {
        const int All = Pages * 3 / 2;
        _store.BeforeWrite = block =>
        {
            if (_store.Written.Count == room)
            {
                throw new ReflinkException(error, $"not {block}");
            }
        };
        Assert.Equal(error, Assert.Throws<ReflinkException>(() => _machine.DropCaches()).Error);
        Assert.Equal(All - room, _machine.Cache.DirtyFrames);
        Fsck.Require(_machine);

        _store.BeforeWrite = null;
        Assert.Equal(All - room, _machine.Cache.Dirty.CleanAll());
        Assert.Equal(All, _store.Written.Distinct().Count());
        Assert.Equal(All, _store.Written.Count);
    }

    [Fact]
    public void A_store_that_fails_for_a_while_costs_no_frame()
    {
        const int Small = 16;
        var store = new WatchedPageStore(new DictionaryPageStore());
        using var machine = new Machine(new MachineOptions { Memory = Small * Page.Size, PageStore = store });
        using var file = machine.Volume.Create("/f");
        store.BeforeWrite = block => throw new ReflinkException(Errno.EIO, $"not {block}");
        Assert.Equal(Small * Page.Size, file.Write(0, Filled(1, 2 * Small)));
        var error = Assert.Throws<ReflinkException>(() => file.Write(Small * Page.Size, Filled(1, 1)));
        Assert.Equal(Errno.EIO, error.Error);
        Assert.Matches(@"^EIO: not s\d+ \(16 of 16 frames of memory wait for that\)$", error.Message);
        store.BeforeWrite = null;
        for (var n = 0; n < 4; n++)
        {
            Assert.Equal(2 * Small * Page.Size, file.Write(0, Filled(2, 2 * Small)));
        }

        Fsck.Require(machine);
    }

    [Fact]
    public void Fsck_finds_a_frame_that_is_on_its_way_to_nowhere()
    {
        var frame = new FrameNumber(3);
        _machine.Cache.Frames[frame].Flags |= FrameFlags.Writeback;
        Assert.EndsWith("do not agree whether its bytes are on their way", Assert.Single(Fsck.Check(_machine)), StringComparison.Ordinal);
        _machine.Cache.Frames[frame].Flags &= ~FrameFlags.Writeback;
    }

    private static byte[] Filled(byte value, int pages)
    {
        var bytes = new byte[pages * Page.Size];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
