using Reflink.Files;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>fallocate, copy_file_range, seeks and dedupe, case by case as measured on XFS (reflink.md §1.1).</summary>
public sealed class FallocateTests : IDisposable
{
    private const int P = Page.Size;
    private const int Odd = (3 * P) + 100;
    private const FallocateMode Keep = FallocateMode.KeepSize;

    private readonly Machine _machine = new(new MachineOptions { Memory = 64 * P, VolumeCapacity = 16 * P });
    private readonly OpenFile _file;

    public FallocateTests()
    {
        _file = _machine.Volume.Create("/f");
        var bytes = new byte[Odd];
        bytes.AsSpan().Fill(7);
        Assert.Equal(Odd, _file.Write(0, bytes));
    }

    [Theory]
    [InlineData(FallocateMode.Allocate, 0, 0, Errno.EINVAL)]
    [InlineData(FallocateMode.Allocate, -1, P, Errno.EINVAL)]
    [InlineData(FallocateMode.Allocate, 0, -1, Errno.EINVAL)]
    [InlineData(FallocateMode.Allocate, long.MaxValue, 1, Errno.EFBIG)]
    [InlineData(FallocateMode.PunchHole, 0, P, Errno.EOPNOTSUPP)]
    [InlineData(FallocateMode.PunchHole | FallocateMode.ZeroRange | Keep, 0, P, Errno.EOPNOTSUPP)]
    [InlineData(FallocateMode.CollapseRange | Keep, 0, P, Errno.EOPNOTSUPP)]
    [InlineData(FallocateMode.InsertRange | Keep, 0, P, Errno.EOPNOTSUPP)]
    [InlineData((FallocateMode)0x1000, 0, P, Errno.EOPNOTSUPP)]
    [InlineData(FallocateMode.CollapseRange, 1, P, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 0, 100, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 0, 4 * P, Errno.EINVAL)]
    [InlineData(FallocateMode.CollapseRange, 0, 3 * P, null)]
    [InlineData(FallocateMode.InsertRange, 1, P, Errno.EINVAL)]
    [InlineData(FallocateMode.InsertRange, 4 * P, P, Errno.EINVAL)]
    [InlineData(FallocateMode.InsertRange, 3 * P, P, null)]
    [InlineData(FallocateMode.InsertRange, 0, 1L << 58, Errno.EFBIG)]
    [InlineData(FallocateMode.Allocate, 0, 17 * P, Errno.ENOSPC)]
    [InlineData(FallocateMode.PunchHole | Keep, 100 * P, P, null)]
    public void Errors_come_before_anything_changes(FallocateMode mode, long offset, long length, Errno? error)
    {
        Assert.Equal(error, Errors.Of(() => _file.Fallocate(mode, offset, length)));
        if (error is not null)
        {
            Assert.Equal((Odd, 4, 12), (_file.Size, _file.Inode.Map.BlockCount, _machine.Volume.Blocks.Free));
        }

        Assert.Empty(Fsck.Check(_machine));
    }

    [Theory]
    [InlineData(FallocateMode.Allocate, 8 * P, 8)]
    [InlineData(Keep, Odd, 8)]
    [InlineData(FallocateMode.ZeroRange, 8 * P, 8)]
    [InlineData(FallocateMode.ZeroRange | Keep, Odd, 8)]
    [InlineData(FallocateMode.UnshareRange, 8 * P, 8)]
    [InlineData(FallocateMode.PunchHole | Keep, Odd, 0)]
    public void Size_and_blocks_follow_the_mode(FallocateMode mode, long size, long blocks)
    {
        _file.Fallocate(mode, 0, 8 * P);
        Assert.Equal((size, blocks, 16 - blocks), (_file.Size, _file.Inode.Map.BlockCount, _machine.Volume.Blocks.Free));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void Space_that_is_kept_can_be_written_on_a_full_volume()
    {
        _file.Fallocate(Keep, 4 * P, 4 * P);
        using var other = _machine.Volume.Create("/other");
        other.Write(0, new byte[8 * P]);
        Assert.Equal(0, _machine.Volume.Blocks.Free);
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => other.Write(8 * P, new byte[1])));
        for (var page = 4; page < 8; page++)
        {
            _file.Write(page * P, "x"u8);
        }

        Assert.Equal(Errno.ENOSPC, Errors.Of(() => _file.Write(8 * P, new byte[1])));
        Assert.Equal((0, 0), (_file.Inode.Map.UnwrittenCount, _machine.Volume.Blocks.Free));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void A_clone_leaves_the_kept_space_with_its_source()
    {
        _file.Fallocate(FallocateMode.Allocate, 4 * P, 4 * P);
        using var clone = _machine.Volume.Create("/clone");
        _machine.Volume.Clone(_file, clone);
        Assert.Equal((4, 0), (_file.Inode.Map.UnwrittenCount, clone.Inode.Map.UnwrittenCount));
        Assert.Equal((8 * P, 8), (clone.Size, _machine.Volume.Blocks.Free));
        _file.Truncate(0);
        Assert.Equal(12, _machine.Volume.Blocks.Free);
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void Only_unsharing_takes_blocks_of_ones_own()
    {
        _machine.Volume.Clone("/f", "/clone");
        _file.Fallocate(FallocateMode.Allocate, 0, Odd);
        Assert.Equal(12, _machine.Volume.Blocks.Free);
        _file.Fallocate(FallocateMode.UnshareRange, 0, Odd);
        Assert.Equal(8, _machine.Volume.Blocks.Free);
    }

    [Theory]
    [InlineData(0, 0, P)]
    [InlineData(P, 2 * P, P)]
    [InlineData(P + 5, 2 * P, P + 5)]
    [InlineData(2 * P, 2 * P, 4 * P)]
    [InlineData(5 * P, null, 5 * P)]
    [InlineData(6 * P, null, null)]
    [InlineData(-1, null, null)]
    public void Seeks_skip_what_was_never_written(long offset, int? data, int? hole)
    {
        _file.Fallocate(FallocateMode.PunchHole | Keep, P, P);
        _file.Fallocate(FallocateMode.Allocate, 4 * P, 2 * P);
        Assert.Equal(data, Seek(() => _file.SeekData(offset)));
        Assert.Equal(hole, Seek(() => _file.SeekHole(offset)));
    }

    [Theory]
    [InlineData(0, 4 * P, 0, 4 * P, 0, 4 * P)]
    [InlineData(0, 8192 + 1808, 0, 2 * P, 0, 2 * P)]
    [InlineData(100, P, 0, P, 1, P)]
    [InlineData(0, 100, 0, 100, 1, 100)]
    [InlineData(2 * P, 9 * P, 0, P + 100, 0, P + 100)]
    [InlineData(Odd, P, 0, 0, 0, 0)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    public void Copying_shares_whole_pages_and_copies_the_rest(long from, long length, long to, long copied, int blocks, long size)
    {
        using var target = _machine.Volume.Create("/t");
        var free = _machine.Volume.Blocks.Free;
        Assert.Equal(Math.Min(copied, Odd - from), _machine.Volume.CopyRange(_file, from, target, to, length));
        Assert.Equal((Math.Min(size, Odd - from), free - blocks), (target.Size, _machine.Volume.Blocks.Free));
    }

    [Theory]
    [InlineData(P, P + 2048, 2, 1)]
    [InlineData(P, P + 3000, 2, 1)]
    [InlineData(P, 2 * P, 1, 2)]
    [InlineData(P, (2 * P) + 100, 1, 3)]
    [InlineData((2 * P) + 100, 1948, 3, 0)]
    [InlineData((2 * P) + 100, P, 3, 1)]
    public void The_last_page_is_freed_only_if_the_range_reaches_its_end(long offset, long length, int kept, int unwritten)
    {
        foreach (var mode in (FallocateMode[])[FallocateMode.PunchHole | Keep, FallocateMode.ZeroRange | Keep])
        {
            using var file = _machine.Volume.Open("/last", OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Truncate);
            file.Write(0, Tale.Text((2 * P) + 2048));
            file.Fallocate(mode, offset, length);
            var extents = _machine.Volume.Extents("/last", sync: true).ToLookup(e => (e.Flags & ExtentFlags.Unwritten) != 0, e => e.Length);
            Assert.Equal((kept, mode == (FallocateMode.ZeroRange | Keep) ? unwritten : 0), (extents[false].Sum(), extents[true].Sum()));
        }
    }

    [Fact]
    public void Copying_within_a_file_refuses_what_overlaps()
    {
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Volume.CopyRange(_file, 0, _file, P, 2 * P)));
        Assert.Equal(P, _machine.Volume.CopyRange(_file, 0, _file, P, P));
    }

    [Fact]
    public void Each_destination_of_a_dedupe_has_its_own_result()
    {
        _machine.Volume.Clone("/f", "/same");
        using var same = _machine.Volume.Open("/same", OpenFlags.ReadWrite);
        using var other = _machine.Volume.Create("/other");
        other.Write(0, new byte[Odd]);
        same.Write(0, [7]);
        var free = _machine.Volume.Blocks.Free;
        var results = _machine.Volume.Dedupe(_file, 0, P, [new(other, 0), new(same, 1), new(same, 8 * P), new(same, 0), new(_file, 0)]);
        Assert.Equal(
            [new(null, false, 0), new(Errno.EINVAL, false, 0), new(Errno.EINVAL, false, 0), new(null, true, P), new(Errno.EINVAL, false, 0)], results);
        Assert.Equal(free + 1, _machine.Volume.Blocks.Free);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Volume.Dedupe(_file, 0, 4 * P, [new(same, 0)])));
    }

    [Fact]
    public void A_last_part_of_a_page_in_the_middle_is_not_looked_at()
    {
        using var other = _machine.Volume.Create("/other");
        other.Write(0, new byte[Odd]);
        Assert.True(_machine.Volume.Dedupe(_file, 0, 100, other, 0));
        Assert.Equal(4, other.Inode.Map.BlockCount);
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    private static int? Seek(Func<long> seek)
    {
        int? found = null;
        var error = Errors.Of(() => found = (int)seek());
        Assert.True(found is null ? error == Errno.ENXIO : error is null);
        return found;
    }
}
