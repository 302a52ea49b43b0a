using Reflink.Machines;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>Which pages are read beside one that a load through a mapping misses (do_sync_mmap_readahead and do_async_mmap_readahead, mm/filemap.c).</summary>
public sealed class ReadAroundTests : IDisposable
{
    private const int P = Page.Size;
    private const int Pages = 1024;
    private readonly Machine _machine = new(new MachineOptions { ReadAround = 16 * P });
    private readonly OpenFile _file;
    private readonly Process _process;
    private readonly long _address;

    public ReadAroundTests()
    {
        _file = _machine.Volume.Create("/f");
        _file.Write(0, new byte[Pages * P]);
        _machine.DropCaches();
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        _address = _process.Memory.Map(_file, 0, Pages * P, Protection.ReadWrite, MappingKind.Shared);
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void Half_of_the_window_lies_before_the_page_and_the_last_quarter_is_marked()
    {
        Assert.Equal(Enumerable.Range(92, 16), Load(100));

        // 104 is the first page of the last quarter: its first use has the next window read.
        Assert.Equal(Enumerable.Range(108, 16), Load(104));
        Assert.Empty(Load(105));
    }

    [Fact]
    public void A_store_reads_around_as_a_load_does() =>
        Assert.Equal(Enumerable.Range(292, 16), Newly(() => _process.Memory.Store(_address + (300L * P), [1])));

    [Fact]
    public void With_sequential_advice_the_pages_behind_are_read_and_with_random_advice_none()
    {
        _process.Memory.Advise(_address, Pages * P, Advice.Sequential);
        Assert.Equal(Enumerable.Range(200, 16), Load(200));
        _process.Memory.Advise(_address, Pages * P, Advice.Random);
        Assert.Equal([500], Load(500));
    }

    [Fact]
    public void After_a_hundred_misses_more_than_hits_nothing_is_read_around_until_there_are_hits_again()
    {
        for (var miss = 0; miss < 100; miss++)
        {
            Assert.Equal(16, Load(500).Length);
            _process.Memory.Unmap(_address, P);
            _file.Evict(0, 0);
            DropAll();
        }

        Assert.Equal([500], Load(500));
        var other = _process.Memory.Map(_file, 0, Pages * P, Protection.Read, MappingKind.Shared);
        Assert.Equal(16, Newly(() => _process.Memory.Load<byte>(other + (700L * P))).Length);
    }

    private void DropAll()
    {
        // Other pages of the same mapping would stay, so its entry goes with its frame.
        for (var n = 0; n < _machine.Cache.HighWater; n++)
        {
            _ = _machine.Cache.Reclaimer.TryEvict(new FrameNumber(n));
        }
    }

    private int[] Load(int page) => Newly(() => _process.Memory.Load<byte>(_address + ((long)page * P)));

    private int[] Newly(Action use)
    {
        var before = Resident();
        use();
        Assert.Empty(Fsck.Check(_machine));
        return [.. Resident().Except(before)];
    }

    private int[] Resident() => [.. Enumerable.Range(0, Pages).Where(page => _file.Inode.Map.TryFindBlock(new PageIndex(page), out var block)
        && _machine.Cache.TryPeek(block, new PageLabel(_file.Inode.Number, new PageIndex(page)), out _))];
}
