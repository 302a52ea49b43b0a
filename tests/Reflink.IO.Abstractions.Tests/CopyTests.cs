namespace Reflink.IO.Abstractions.Tests;

/// <summary>Copies are clones.</summary>
public sealed class CopyTests : VolumeTest
{
    private const int Size = 100 * 4096;

    private long Free => Machine.Volume.Blocks.Free;

    [Fact]
    public void A_copy_takes_no_block_and_moves_no_page()
    {
        Fs.File.WriteAllBytes("/a", new byte[Size]);
        var (free, work) = (Free, Machine.Meter.Total(Units.WorkKind.PageTransferred));

        Fs.File.Copy("/a", "/b");
        Fs.FileInfo.New("/a").CopyTo("/c");

        Assert.Equal((free, work), (Free, Machine.Meter.Total(Units.WorkKind.PageTransferred)));
        Assert.All(Machine.Volume.Extents("/b"), e => Assert.True(e.IsShared));
        Assert.Equal(Machine.Volume.Extents("/a"), Machine.Volume.Extents("/c"));
    }

    [Fact]
    public void A_write_to_a_copy_takes_one_block_and_leaves_the_original()
    {
        Fs.File.WriteAllBytes("/a", [.. Enumerable.Repeat((byte)1, Size)]);
        Fs.File.Copy("/a", "/b");
        var free = Free;

        using (var stream = Fs.File.Open("/b", FileMode.Open))
        {
            stream.Position = 5000;
            stream.WriteByte(2);
        }

        Assert.Equal(free - 1, Free);
        Assert.Equal((1, 2), (Fs.File.ReadAllBytes("/a")[5000], Fs.File.ReadAllBytes("/b")[5000]));
    }

    [Fact]
    public void A_copy_over_a_longer_file_is_the_source_and_nothing_else()
    {
        Fs.File.WriteAllBytes("/a", [1, 2, 3]);
        Fs.File.WriteAllBytes("/b", new byte[Size]);

        Fs.File.Copy("/a", "/b", overwrite: true);

        Assert.Equal([1, 2, 3], Fs.File.ReadAllBytes("/b"));
        Assert.Equal(1, Machine.Volume.Stat("/b").Blocks);
    }

    [Fact]
    public void Without_cloning_every_byte_is_copied()
    {
        Fs.File.WriteAllBytes("/a", [.. Enumerable.Repeat((byte)1, Size)]);
        var free = Free;

        new VolumeFileSystem(Machine.Volume, new VolumeFileSystemOptions { CopyByClone = false }).File.Copy("/a", "/b");

        Assert.Equal(free - 100, Free);
        Assert.Equal(Fs.File.ReadAllBytes("/a"), Fs.File.ReadAllBytes("/b"));
        Assert.All(Machine.Volume.Extents("/b"), e => Assert.False(e.IsShared));
    }

    [Fact]
    public void Permissions_and_times_are_copied()
    {
        Fs.File.WriteAllText("/a", "x");
        Fs.File.SetUnixFileMode("/a", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Fs.File.SetLastWriteTimeUtc("/a", new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Fs.File.SetLastAccessTimeUtc("/a", new DateTime(2002, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        Fs.File.Copy("/a", "/b");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, Fs.File.GetUnixFileMode("/b"));
        Assert.Equal((2001, 2002), (Fs.File.GetLastWriteTimeUtc("/b").Year, Fs.File.GetLastAccessTimeUtc("/b").Year));
    }

    [Fact]
    public void Moving_a_file_moves_no_block()
    {
        Fs.File.WriteAllBytes("/a", new byte[Size]);
        var inode = Machine.Volume.Stat("/a").Inode;

        Fs.File.Move("/a", "/b");

        Assert.Equal(inode, Machine.Volume.Stat("/b").Inode);
        Assert.False(Fs.File.Exists("/a"));
    }
}
