using Reflink.Files;
using Reflink.Tests.Measuring;
using Reflink.Tests.Store;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>What reading a file ahead asks of the store, and what it leaves alone.</summary>
public sealed class ReadaheadTests : IDisposable
{
    private const int P = Page.Size;
    private const int Pages = 100;

    private readonly WatchedPageStore _store = new(new DictionaryPageStore());
    private readonly byte[] _buffer = new byte[(Pages + 4) * P];
    private Machine _machine = null!;

    public static TheoryData<CacheKeying> Keyings => [.. Enum.GetValues<CacheKeying>()];

    public void Dispose() => _machine.Dispose();

    [Theory]
    [MemberData(nameof(Keyings))]
    public void A_stream_asks_the_store_for_many_pages_at_once(CacheKeying keying)
    {
        using var file = Made(keying);
        for (var page = 0; page < Pages; page++)
        {
            ReadPage(file, page);
        }

        Assert.Equal([1, 3, 8, 16, 32, 32, 8], _store.Asked.Select(a => a.Length));
        Assert.Equal((Pages, Pages), (_machine.StoreCalls.Reads, _machine.Meter.Total(WorkKind.StoreRead)));
        Assert.Equal((Pages, 0), (_machine.Cache.Resident, _machine.Cache.DirtyFrames));
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_stream_that_begins_in_the_middle_of_a_file_is_read_ahead_as_far_as_one_from_its_beginning()
    {
        using var file = Made();
        List<int> frames = [];
        for (var page = 50; page < 56; page++)
        {
            ReadPage(file, page);
            frames.Add(_machine.Cache.Resident);
        }

        Assert.Equal([1, 5, 13, 13, 13, 29], frames);
    }

    [Fact]
    public void Space_that_was_never_written_is_not_read()
    {
        using var file = Made(default);
        file.Fallocate(FallocateMode.Allocate, Pages * P, 4 * P);
        for (var page = 0; page < Pages; page++)
        {
            ReadPage(file, page);
        }

        for (var page = Pages; page < Pages + 4; page++)
        {
            Assert.Equal(P, file.Read(page * P, _buffer.AsSpan(0, P)));
            Assert.False(_buffer.AsSpan(0, P).ContainsAnyExcept((byte)0));
        }

        Assert.Equal(Pages, _machine.StoreCalls.Reads);
        Fsck.Require(_machine);
    }

    [Theory]
    [InlineData(0, Pages)]
    [InlineData(P, Pages)]
    [InlineData(2 * P, 51)]
    [InlineData(512 << 10, 3)]
    public void The_option_says_how_far(long readahead, int calls)
    {
        using var file = Made(default, readahead);
        Assert.Equal(Pages * P, file.Read(0, _buffer));
        AssertRight(0, Pages);
        Assert.Equal(Pages, _machine.StoreCalls.Reads);
        Assert.Equal(calls, _store.Asked.Count);
    }

    [Fact]
    public void A_random_page_brings_no_other()
    {
        using var file = Made();
        ReadPage(file, 50);
        ReadPage(file, 20);
        Assert.Equal((2, 2), (_machine.StoreCalls.Reads, _machine.Cache.Resident));
    }

    [Theory]
    [MemberData(nameof(Keyings))]
    public void Pages_in_memory_and_holes_are_not_read(CacheKeying keying)
    {
        using var file = Made(keying);
        file.PunchHole(5 * P, 2 * P);
        file.Write(8 * P, Filled(77));
        ReadPage(file, 50);
        _store.Asked.Clear();
        Assert.Equal(60 * P, file.Read(0, _buffer.AsSpan(0, 60 * P)));
        var blocks = new List<BlockNumber>();
        foreach (var extent in file.Inode.Map.Extents(new PageRange(default, 96)))
        {
            blocks.AddRange(Enumerable.Range(0, (int)extent.Length).Select(n => extent.Start + n)
                .Where(page => page.Value is not (8 or 50)).Select(extent.BlockAt));
        }

        // 60 pages are wanted, 64 are two windows, and in the second is the mark of a third.
        Assert.Equal(96 - 4, blocks.Count);
        Assert.Equal(blocks.Order(), _store.Asked.SelectMany(a => a).Order());
        Assert.False(_buffer.AsSpan(5 * P, 2 * P).ContainsAnyExcept((byte)0));
        Assert.Equal(Filled(77), _buffer[(8 * P)..(9 * P)]);
        Fsck.Require(_machine);
    }

    [Theory]
    [MemberData(nameof(Keyings))]
    public void A_damaged_page_fails_only_who_asks_for_it(CacheKeying keying)
    {
        using var file = Made(keying);
        _store.Damaged.Add(_machine.Volume.Extents("/f")[0].Block + 2);
        ReadPage(file, 0);
        Assert.Equal(3, _machine.Cache.Resident);
        ReadPage(file, 1);
        Assert.Equal(Errno.EIO, Errors.Of(() => file.Read(2 * P, _buffer.AsSpan(0, P))));
        ReadPage(file, 3);
        Fsck.Require(_machine);
        _store.Damaged.Clear();
        ReadPage(file, 2);
    }

    [Fact]
    public void Where_memory_cannot_be_had_the_page_itself_is_read_all_the_same()
    {
        using var file = Made(frames: 128);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "hog");
        var address = process.Memory.MapAnonymous(127 * P, Protection.ReadWrite);
        for (var page = 0; page < 127; page++)
        {
            process.Memory.Store(address + (page * P), [1]);
        }

        for (var page = 0; page < Pages; page++)
        {
            ReadPage(file, page);
        }

        Assert.Equal(128, _machine.Cache.Resident);
        Fsck.Require(_machine);
    }

    [Theory]
    [MemberData(nameof(Keyings))]
    public void The_smallest_machine_reads_right_and_each_page_once(CacheKeying keying)
    {
        using var file = Made(keying, frames: MachineOptions.MinFrames);
        _store.Asked.Clear();
        Assert.Equal(Pages * P, file.Read(0, _buffer));
        AssertRight(0, Pages);
        Assert.Equal(Pages, _store.Asked.Sum(a => a.Length));
        Fsck.Require(_machine);
    }

    [Fact]
    public void One_block_in_two_pages_gets_one_frame()
    {
        using var file = Made();
        _machine.Volume.CloneRange(file, 0, P, file, 2 * P);
        Assert.Equal(4 * P, file.Read(0, _buffer.AsSpan(0, 4 * P)));
        Assert.Equal(_buffer[..P], _buffer[(2 * P)..(3 * P)]);
        Fsck.Require(_machine);
    }

    [Fact]
    public void Pages_read_ahead_are_charged_to_who_reads()
    {
        using var file = Made();
        file.Group = new GroupId(3);
        ReadPage(file, 0);
        var resident = Enumerable.Range(0, _machine.Cache.HighWater).Select(n => _machine.Cache.Frames[new FrameNumber(n)]).Where(f => !f.Block.IsZero);
        Assert.Equal(Enumerable.Repeat(new GroupId(3), 4), resident.Select(f => f.Group));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reading_allocates_nothing_from_memory_or_store(bool cached)
    {
        _machine = new Machine(new MachineOptions { Memory = 32 * P });
        using var file = _machine.Volume.Create("/f");
        file.Write(0, _buffer.AsSpan(0, cached ? 16 * P : Pages * P));
        file.Read(0, _buffer);
        var (reads, read) = (_machine.StoreCalls.Reads, 0);
        Allocations.AssertNone(200, _ => read += file.Read(0, _buffer));
        Assert.Equal(cached ? 0 : read / P, _machine.StoreCalls.Reads - reads);
    }

    [Fact]
    public void A_negative_readahead_is_refused()
    {
        _machine = new Machine();
        Assert.Equal(Errno.EINVAL, Errors.Of(() => new Machine(new MachineOptions { Readahead = -1 })));
    }

    private static byte[] Filled(byte value)
    {
        var bytes = new byte[P];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    // A file whose pages hold their number plus one, none of them in memory.
    private OpenFile Made(CacheKeying keying = default, long readahead = 128 << 10, int frames = 512)
    {
        _machine = new Machine(new MachineOptions { Memory = (long)frames * P, Keying = keying, PageStore = _store, Readahead = readahead });
        var file = _machine.Volume.Create("/f");
        for (var page = 0; page < Pages; page++)
        {
            file.Write(page * P, Filled((byte)(page + 1)));
        }

        _machine.DropCaches();
        return file;
    }

    private void ReadPage(OpenFile file, int page)
    {
        Assert.Equal(P, file.Read(page * P, _buffer.AsSpan(page * P, P)));
        AssertRight(page, 1);
    }

    private void AssertRight(int first, int count)
    {
        for (var page = first; page < first + count; page++)
        {
            Assert.False(_buffer.AsSpan(page * P, P).ContainsAnyExcept((byte)(page + 1)), $"page {page}");
        }
    }
}
