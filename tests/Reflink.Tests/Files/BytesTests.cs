using Reflink.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Files;

public sealed class BytesTests : IDisposable
{
    private const int P = Page.Size;
    private readonly Machine _machine = new();
    private readonly OpenFile _file;

    public BytesTests() => _file = _machine.Volume.Create("/f");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(P - 1, 2)]
    [InlineData(100, 3 * P)]
    [InlineData(5 * P + 7, 10)]
    public void What_is_written_is_read_and_what_lies_before_is_zero(int offset, int length)
    {
        var bytes = Tale.Text(length);
        Assert.Equal(length, _file.Write(offset, bytes));

        Assert.Equal([.. new byte[offset], .. bytes], All());
        Assert.Equal(((offset + length + P - 1) / P) - (offset / P), _machine.Volume.Stat("/f").Blocks);
    }

    [Fact]
    public void A_write_of_nothing_changes_nothing()
    {
        _file.Write(0, "abc"u8);
        var before = _machine.Snapshot().ToString();

        Assert.Equal(0, _file.Write(10 * P, []));
        Assert.Equal(before, _machine.Snapshot().ToString());
    }

    [Fact]
    public void Appending_ignores_the_offset()
    {
        using var log = _machine.Volume.Open("/f", OpenFlags.Write | OpenFlags.Append);
        log.Write(0, "ab"u8);
        log.Write(0, "cd"u8);

        Assert.Equal("abcd"u8, All());
        Assert.Equal(Errno.EBADF, Errors.Of(() => log.Read(0, new byte[1])));
    }

    [Fact]
    public void A_write_that_crosses_the_largest_offset_is_cut_there()
    {
        const long Largest = FileData.LargestFile;
        Assert.Equal(P, _file.Write(Largest - P, new byte[65_536]));
        Assert.Equal(Errno.EFBIG, Errors.Of(() => _file.Write(Largest, new byte[65_536])));
        Assert.Equal(0, _file.Write(Largest, []));
        Assert.Equal(Largest, _file.Size);
        Assert.Equal(5, _file.Read(Largest - 5, new byte[65_536]));
        Assert.Equal(0, _file.Read(Largest, new byte[65_536]));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _file.Write(long.MaxValue, new byte[1])));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _file.Read(long.MaxValue, new byte[1])));
    }

    [Theory]
    [InlineData(0, FileData.LargestFile - P, 65_536, P, null)]
    [InlineData(0, FileData.LargestFile - 100, 65_536, 100, null)]
    [InlineData(0, FileData.LargestFile, 65_536, 0, Errno.EFBIG)]
    [InlineData(0, FileData.LargestFile, 0, 0, Errno.EFBIG)]
    [InlineData(1 << 20, FileData.LargestFile, 1, 0, Errno.EFBIG)]
    [InlineData(1 << 20, 0, 1, 0, null)]
    [InlineData(0, 0, long.MaxValue, 1 << 17, null)]
    [InlineData(-1, 0, 10, 0, Errno.EOVERFLOW)]
    [InlineData(0, -1, 10, 0, Errno.EOVERFLOW)]
    [InlineData(-20, 0, 10, 0, Errno.EINVAL)]
    [InlineData(0, 0, -1, 0, Errno.EINVAL)]
    public void A_copy_that_crosses_the_largest_offset_is_cut_there(long from, long to, long length, long copied, Errno? error)
    {
        _file.Write(0, new byte[1 << 17]);
        using var target = _machine.Volume.Create("/g");
        Assert.Equal(error, Errors.Of(() => Assert.Equal(copied, _machine.Volume.CopyRange(_file, from, target, to, length))));
        Assert.Equal(copied == 0 ? 0 : to + copied, target.Size);
    }

    [Fact]
    public void Truncating_down_and_up_leaves_zeroes_and_holes()
    {
        _file.Write(0, Tale.Letters(3));
        _file.Truncate(P + 10);
        _file.Truncate(3 * P);

        Assert.Equal([.. Tale.Text(P + 10), .. new byte[(2 * P) - 10]], All());
        Assert.Equal(2, _machine.Volume.Stat("/f").Blocks);
    }

    [Fact]
    public void What_a_mapping_scribbled_behind_the_end_is_zeroed_when_the_file_grows()
    {
        _file.Write(0, "abc"u8);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "app");
        process.Memory.Store(process.Memory.Map(_file, 0, P, Protection.ReadWrite, MappingKind.Shared), "abcdef"u8);
        _file.Write(8, "x"u8);

        Assert.Equal("abc\0\0\0\0\0x"u8, All());
    }

    [Fact]
    public void What_a_mapping_scribbled_behind_the_end_is_zeroed_when_a_clone_lands_beyond_it()
    {
        _file.Write(0, "abc"u8);
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "app");
        process.Memory.Store(process.Memory.Map(_file, 0, P, Protection.ReadWrite, MappingKind.Shared), "abcdef"u8);
        using var other = _machine.Volume.Create("/other");
        other.Write(0, "xyz"u8);
        _machine.Volume.CloneRange(other, 0, 0, _file, P);

        Assert.Equal([.. "abc"u8, .. new byte[P - 3], .. "xyz"u8], All());
    }

    [Fact]
    public void A_hole_is_read_as_zeroes_and_has_no_frame()
    {
        _file.Truncate(100L << 30);

        Assert.Equal(new byte[10], Read(50L << 30, 10));
        Assert.Equal(0, _machine.Cache.Resident);
        Assert.Empty(_machine.Volume.Extents("/f"));
    }

    [Theory]
    [InlineData(0, 3 * P)]
    [InlineData(10, 20)]
    [InlineData(10, 2 * P)]
    [InlineData(P - 1, 2)]
    [InlineData(P, P)]
    [InlineData(2 * P + 5, 1 << 20)]
    public void Punched_bytes_are_zero_and_others_stay(int offset, int length)
    {
        var bytes = Tale.Text((3 * P) - 7);
        _file.Write(0, bytes);
        _machine.Volume.Clone("/f", "/clone");
        _file.PunchHole(offset, length);
        bytes.AsSpan(offset, Math.Min(length, bytes.Length - offset)).Clear();

        Assert.Equal(bytes, All());
        Assert.Empty(Fsck.Check(_machine));
    }

    [Theory]
    [InlineData(P, P, null)]
    [InlineData(1, P, Errno.EINVAL)]
    [InlineData(P, 100, Errno.EINVAL)]
    [InlineData(P, 2 * P, Errno.EINVAL)]
    [InlineData(0, 0, Errno.EINVAL)]
    [InlineData(-P, P, Errno.EINVAL)]
    public void Whole_pages_before_the_end_are_collapsed(long offset, long length, Errno? error)
    {
        _file.Write(0, Tale.Letters(3));

        Assert.Equal(error, Errors.Of(() => _file.Collapse(offset, length)));
        Assert.Equal(error is null ? [.. Tale.Letters(1), .. Tale.Letters(3).AsSpan(2 * P)] : Tale.Letters(3), All());
    }

    [Fact]
    public void Wrong_ranges_are_refused()
    {
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _file.Read(-1, new byte[1])));
        Assert.Equal(Errno.EFBIG, Errors.Of(() => _file.Write(FileData.LargestFile, "x"u8)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _file.Truncate(-1)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _file.PunchHole(0, 0)));
        _file.Dispose();
        Assert.Equal(Errno.EBADF, Errors.Of(() => _file.Write(0, "x"u8)));
    }

    public void Dispose() => _machine.Dispose();

    private byte[] All() => Read(0, (int)_file.Size + 10);

    private byte[] Read(long offset, int length)
    {
        using var file = _machine.Volume.Open("/f");
        var bytes = new byte[length];
        return bytes[..file.Read(offset, bytes)];
    }
}
