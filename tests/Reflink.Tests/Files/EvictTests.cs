using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>Pages of one file are written back and dropped, as fdatasync and POSIX_FADV_DONTNEED do.</summary>
public sealed class EvictTests
{
    private const int P = Page.Size;

    [Theory]
    [InlineData(0, 4 * P, 4)]
    [InlineData(P, P, 1)]
    [InlineData(1, (2 * P) - 1, 1)]
    [InlineData(P, P - 1, 0)]
    [InlineData((3 * P) + 1, P, 0)]
    [InlineData(3 * P, 100, 1)]
    [InlineData(9 * P, P, 0)]
    public void Whole_pages_and_the_last_one_go(long offset, long length, int evicted)
    {
        using var tale = new Tale([]);
        using var a = tale.File("/a", 4);
        a.Truncate((3 * P) + 100);

        Assert.Equal(evicted, a.Evict(offset, length));
        Assert.Equal(4 - evicted, tale.Machine.Cache.Resident);
        Assert.Equal(evicted, tale.Machine.StoreCalls.Writes);
        Assert.Equal(Tale.Text((3 * P) + 100), tale.Read("/a", 4 * P));
        Fsck.Require(tale.Machine);
    }

    [Theory]
    [InlineData(CacheKeying.Block, 0, 4)]
    [InlineData(CacheKeying.Inode, 4, 4)]
    public void By_block_a_frame_goes_for_all_owners(CacheKeying keying, int left, int evicted)
    {
        using var tale = new Tale([], keying: keying);
        tale.File("/a", 4).Dispose();
        tale.Machine.Volume.Clone("/a", "/b");
        _ = tale.Read("/b", 4 * P);
        using var b = tale.Machine.Volume.Open("/b");

        Assert.Equal(evicted, b.Evict(0, 4 * P));
        Assert.Equal(left, tale.Machine.Cache.Resident);
        Fsck.Require(tale.Machine);
    }

    // The kernel keeps the same pages: Filesystems/LiveMappingTests.
    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Pages_that_a_process_maps_are_written_and_stay(CacheKeying keying)
    {
        using var tale = new Tale([], keying: keying);
        using var a = tale.File("/a", 8);
        var (process, address) = tale.Mapped("/a", Protection.Read);
        _ = process.Memory.Load<byte>(address + (2 * P)) + process.Memory.Load<byte>(address + (5 * P));

        Assert.Equal(6, a.Evict(0, 8 * P));
        Assert.Equal((2, 0), (tale.Machine.Cache.Resident, tale.Machine.Cache.DirtyFrames));
        Assert.Equal(0, a.Evict(0, 8 * P));
        Assert.Equal((byte)'C', process.Memory.Load<byte>(address + (2 * P)));

        process.Madvise(address, 3 * P, Advice.DontNeed);
        Assert.Equal(1, a.Evict(0, 8 * P));
        process.Exit();
        Assert.Equal(1, a.Evict(0, 8 * P));
        Assert.Equal(0, tale.Machine.Cache.Resident);
        Fsck.Require(tale.Machine);
    }

    [Fact]
    public void A_page_that_a_child_maps_stays_when_its_parent_is_gone()
    {
        using var tale = new Tale([]);
        using var a = tale.File("/a", 2);
        var (process, address) = tale.Mapped("/a", Protection.ReadWrite);
        process.Memory.Store(address, "x"u8);
        _ = process.Memory.Load<byte>(address + P);
        var child = process.Fork();
        process.Exit();

        Assert.Equal(1, a.Evict(0, 2 * P));
        Assert.Equal(2, tale.Machine.Cache.Resident);
        child.Exit();
        Assert.Equal(1, a.Evict(0, 2 * P));
    }

    [Fact]
    public void Dropping_all_caches_leaves_what_processes_map()
    {
        using var tale = new Tale([]);
        tale.File("/a", 8).Dispose();
        var (process, address) = tale.Mapped("/a", Protection.Read);
        Tale.Touch(process, address, 2);

        Assert.Equal(6, tale.Machine.DropCaches());
        Assert.Equal(0, tale.Machine.DropCaches());
        tale.Machine.Control["/proc/sys/vm/drop_caches"] = "3";
        Assert.Equal(2, tale.Machine.Cache.Resident);
        Assert.Equal((byte)'B', process.Memory.Load<byte>(address + P));
        Assert.Equal(0, process.MajorFaults);
        process.Exit();
        Assert.Equal(2, tale.Machine.DropCaches());
    }

    [Fact]
    public void Bad_ranges_are_refused()
    {
        using var tale = new Tale([]);
        using var a = tale.File("/a", 2);

        Assert.Equal(Errno.EINVAL, Errors.Of(() => a.Evict(-1, P)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => a.Evict(P, -1)));
        Assert.Equal(2, tale.Machine.Cache.Resident);
    }

    [Theory]
    [InlineData(0, 0, 3)]
    [InlineData(P, 0, 2)]
    [InlineData(P + 1, 0, 1)]
    [InlineData(P, long.MaxValue, 2)]
    [InlineData(long.MaxValue, 0, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0)]
    public void Length_0_means_to_the_end_and_no_length_is_too_long(long offset, long length, int evicted)
    {
        using var tale = new Tale([]);
        using var a = tale.File("/a", 3);

        Assert.Equal(evicted, a.Evict(offset, length));
    }
}
