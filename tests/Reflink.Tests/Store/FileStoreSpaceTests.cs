using Reflink.Store;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>A store with far less memory than pages: what comes back from the device, and what becomes of garbage.</summary>
public sealed class FileStoreSpaceTests : IDisposable
{
    private const int Pages = 6_000;
    private const long Live = (long)Pages * 4096;
    private const long MostOnDisk = 300L << 20;

    private readonly ScratchFolder _folder;
    private readonly byte[] _page = new byte[4096];
    private FasterPageStore _store;

    public FileStoreSpaceTests()
    {
        var temporary = Path.GetTempPath();
        Skip.If(new DriveInfo(temporary).AvailableFreeSpace < MostOnDisk, $"{temporary} has less than {MostOnDisk >> 20} MiB free; set TMPDIR to a larger disk");
        _folder = new ScratchFolder("store");
        _store = Make(StoreOptions.LeastMemory);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ten_overwrites_of_everything_leave_at_most_twice_the_live_pages_on_disk(bool shuffled)
    {
        var order = Enumerable.Range(1, Pages).ToArray();
        for (var round = 0; round <= 10; round++)
        {
            if (shuffled)
            {
                new Random(round).Shuffle(order);
            }

            Write(order, round);
            Assert.InRange(SizeOnDisk(), Live / 2, Live * 2);
        }

        AssertHolds(order, 10);
        Assert.Equal(SizeOnDisk(), _store.Diagnostics.OnDisk);
    }

    [SkippableFact]
    public void Segments_of_which_nothing_lives_go_unread()
    {
        for (var round = 0; round <= 10; round++)
        {
            Write(Enumerable.Range(1, Pages), round);
            Assert.InRange(SizeOnDisk(), Live / 2, Live * 2);
        }

        Assert.Equal(0, _store.Diagnostics.DeviceReads);
        AssertHolds(Enumerable.Range(1, Pages), 10);
    }

    [SkippableFact]
    public void Cold_pages_move_out_of_the_way_of_hot_ones()
    {
        Write(Enumerable.Range(1, Pages), 0);
        for (var round = 1; round <= 40; round++)
        {
            Write(Enumerable.Range(1, Pages / 10), round);
            Assert.InRange(SizeOnDisk(), Live / 2, Live * 2);
        }

        AssertHolds(Enumerable.Range(1, Pages / 10), 40);
        AssertHolds(Enumerable.Range((Pages / 10) + 1, Pages - (Pages / 10)), 0);
    }

    [SkippableFact]
    public void The_space_of_deleted_pages_comes_back_without_a_write()
    {
        Write(Enumerable.Range(1, Pages), 0);
        for (var serial = 1; serial <= Pages; serial++)
        {
            if (serial % 10 != 0)
            {
                _store.Delete(Stored(serial));
            }
        }

        Assert.InRange(SizeOnDisk(), Live / 10, Live / 10 * 2);
        AssertHolds(Enumerable.Range(1, Pages / 10).Select(n => n * 10), 0);
    }

    [SkippableFact]
    public void Fresh_numbers_cost_no_more_than_the_pages_held_at_once()
    {
        const int Held = 500;
        for (var serial = 1; serial <= 30_000; serial++)
        {
            _store.Write(Anonymous(serial), Of(serial % 7));
            _store.Delete(Anonymous(serial - Held));
        }

        Assert.Equal(Held, _store.PageCount);
        Assert.InRange(SizeOnDisk(), 0, StoreOptions.LeastMemory * 5);
    }

    [SkippableFact]
    public void No_single_operation_compacts_a_segment()
    {
        Write(Enumerable.Range(1, Pages), 0);
        var most = 0L;
        var order = Enumerable.Range(1, Pages).ToArray();
        new Random(1).Shuffle(order);
        foreach (var serial in order)
        {
            var before = _store.Diagnostics.DeviceReads;
            _store.Write(Stored(serial), _page);
            most = Math.Max(most, _store.Diagnostics.DeviceReads - before);
        }

        Assert.InRange(most, 1, 1 << 16);
    }

    [SkippableFact]
    public void Less_memory_reads_more_from_the_device_and_the_same_from_the_store()
    {
        var reads = new List<long>();
        foreach (var memory in (long[])[64 << 20, 16 << 20, 4 << 20, 1 << 20])
        {
            _store.Dispose();
            _store = Make(memory);
            Write(Enumerable.Range(1, Pages), 0);
            AssertHolds(Enumerable.Range(1, Pages), 0);
            Assert.Equal((Pages, Pages), (_store.Reads, _store.Writes));
            reads.Add(_store.Diagnostics.DeviceReads);
        }

        Assert.Equal(0, reads[0]);
        Assert.Equal(reads.Order().Distinct(), reads);
        Assert.InRange(reads[^1], Live * 9 / 10, Live * 2);
    }

    [SkippableFact]
    public void A_growing_index_loses_nothing_that_is_on_the_device()
    {
        // 36,000 pages are past the first two doublings of the index.
        const int Many = 36_000;
        for (var round = 0; round < 2; round++)
        {
            for (var serial = 1; serial <= Many; serial++)
            {
                BitConverter.TryWriteBytes(_page, serial + round);
                _store.Write(Stored(serial), _page);
            }
        }

        for (var serial = 1; serial <= Many; serial++)
        {
            _store.Read(Stored(serial), _page);
            Assert.Equal(serial + 1, BitConverter.ToInt32(_page));
        }
    }

    private FasterPageStore Make(long memory) => new(new StoreOptions { Folder = _folder.Path, Memory = memory });

    // 1,000 different pages, of which no block has the same twice running.
    private static byte[] PageOf(int serial, int round) => s_pages[(serial + (round * 7)) % s_pages.Length];

    private static readonly byte[][] s_pages = [.. Enumerable.Range(0, 1000).Select(Of)];

    private void Write(IEnumerable<int> serials, int round)
    {
        foreach (var serial in serials)
        {
            _store.Write(Stored(serial), PageOf(serial, round));
        }
    }

    private void AssertHolds(IEnumerable<int> serials, int round)
    {
        foreach (var serial in serials)
        {
            _store.Read(Stored(serial), _page);
            Assert.True(PageOf(serial, round).AsSpan().SequenceEqual(_page), $"page {serial}");
        }
    }

    private long SizeOnDisk() => Directory.GetFiles(_folder.Path).Where(f => !f.EndsWith("reflink-store", StringComparison.Ordinal)).LongCount()
        * (_store.Diagnostics.OnDisk > 0 ? StoreOptions.LeastMemory / 8 : 0);
}
