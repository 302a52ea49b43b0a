using Reflink.Files;
using Reflink.Tests.Stories;
using Reflink.Units;
using static Reflink.Files.ExtentFlags;

namespace Reflink.Tests.Files;

/// <summary>What FIEMAP shows, as measured on Linux 6.18 with XFS; <see cref="Filesystems.LiveFileTests"/> compares the flags of random files.</summary>
public sealed class ExtentTests : IDisposable
{
    private const int P = Page.Size;
    private readonly Machine _machine = new();
    private readonly OpenFile _file;

    public ExtentTests()
    {
        _file = _machine.Volume.Create("/f");
        _file.Write(0, Tale.Letters(10));
    }

    [Fact]
    public void What_was_not_written_to_the_store_is_delayed_until_a_sync()
    {
        Assert.Equal([(0, 10, Last | Unknown | Delayed)], Of("/f"));
        Assert.Equal([(0, 2, Delayed | Unknown), (2, 1, None), (3, 7, Last | Delayed | Unknown)], Of("/f", () => _machine.Volume.Extents("/f", (2 * P) + 5, 1, sync: true)));
        Assert.Equal([(0, 10, Last)], Of("/f", sync: true));
        _file.Write(5 * P, "in place"u8);
        Assert.Equal([(0, 10, Last)], Of("/f"));
    }

    [Fact]
    public void Extents_end_where_sharing_changes()
    {
        using var other = _machine.Volume.Create("/g");
        _machine.Volume.CloneRange(_file, 5 * P, 5 * P, other, 0);
        Assert.Equal([(0, 5, None), (5, 5, Last | Shared)], Of("/f", sync: true));
        Assert.Equal([(0, 5, Last | Shared)], Of("/g", sync: true));

        _file.Write(5 * P, Tale.Text(P));
        Assert.Equal([(0, 5, None), (5, 1, None), (6, 4, Last | Shared)], Of("/f", sync: true));
        Assert.Equal([(0, 1, None), (1, 4, Last | Shared)], Of("/g", sync: true));

        _machine.Volume.Unlink("/g");
        other.Dispose();
        Assert.Equal([(0, 5, None), (5, 1, None), (6, 4, Last)], Of("/f", sync: true));
    }

    [Fact]
    public void A_clone_shares_all_until_one_of_them_writes()
    {
        _machine.Volume.Clone("/f", "/g");
        Assert.Equal([(0, 10, Last | Shared)], Of("/g", sync: true));
        _file.Write(0, Tale.Text(P));
        Assert.Equal([(0, 1, None), (1, 9, Last | Shared)], Of("/f", sync: true));
        Assert.Equal([(0, 1, None), (1, 9, Last | Shared)], Of("/g", sync: true));
    }

    [Fact]
    public void Kept_space_is_unwritten_also_behind_the_end()
    {
        using var kept = _machine.Volume.Create("/k");
        kept.Fallocate(FallocateMode.Allocate, 0, 8 * P);
        Assert.Equal([(0, 8, Last | Unwritten)], Of("/k"));
        kept.Write(3 * P, Tale.Text(P));
        Assert.Equal([(0, 3, Unwritten), (3, 1, None), (4, 4, Last | Unwritten)], Of("/k", sync: true));
        kept.Truncate(2 * P);
        kept.Fallocate(FallocateMode.KeepSize, 4 * P, 2 * P);
        Assert.Equal([(0, 2, Unwritten), (4, 2, Last | Unwritten)], Of("/k"));
        _machine.Volume.Clone("/k", "/c");
        Assert.Empty(Of("/c"));
    }

    [Theory]
    [InlineData(2 * P, P, 2, 1)]
    [InlineData((2 * P) + 5, P, 2, 2)]
    [InlineData(9 * P, 1, 9, 1)]
    [InlineData(5 * P, long.MaxValue, 5, 5)]
    [InlineData(10 * P, P, 0, 0)]
    [InlineData(0, 1, 0, 1)]
    public void A_range_is_clipped_to_whole_pages_and_has_a_last_extent(long offset, long length, int start, int pages)
    {
        var extents = _machine.Volume.Extents("/f", offset, length, sync: true);
        Assert.Equal(pages == 0 ? [] : [(start, pages, Last)], extents.Select(e => ((int)e.Start.Value, (int)e.Length, e.Flags)));
    }

    [Theory]
    [InlineData("/f", 0, 0, Errno.EINVAL)]
    [InlineData("/f", -1, 10, Errno.EFBIG)]
    [InlineData("/f", long.MaxValue, 10, Errno.EFBIG)]
    [InlineData("/", 0, 10, Errno.EOPNOTSUPP)]
    [InlineData("/none", 0, 10, Errno.ENOENT)]
    public void What_has_no_extents_is_refused(string path, long offset, long length, Errno error) =>
        Assert.Equal(error, Errors.Of(() => _machine.Volume.Extents(path, offset, length)));

    [Theory]
    [InlineData(FallocateMode.Allocate)]
    [InlineData(FallocateMode.ZeroRange)]
    public void Kept_space_is_no_damage(FallocateMode mode)
    {
        _file.Fallocate(mode, 0, 20 * P);
        _machine.Volume.Sync();
        Assert.Empty(Fsck.Check(_machine).Concat(Fsck.CheckPages(_machine)));
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    private (int Start, int Length, ExtentFlags Flags)[] Of(string path, Action? before = null, bool sync = false)
    {
        before?.Invoke();
        return [.. _machine.Volume.Extents(path, sync: sync).Select(e => ((int)e.Start.Value, (int)e.Length, e.Flags))];
    }
}
