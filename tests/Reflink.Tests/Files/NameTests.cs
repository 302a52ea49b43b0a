using Reflink.Units;

namespace Reflink.Tests.Files;

public sealed class NameTests : IDisposable
{
    private readonly Machine _machine = new();

    private Volume Volume => _machine.Volume;

    [Fact]
    public void Names_are_listed_in_ordinal_order_whatever_the_order_of_making()
    {
        Array.ForEach(["/b", "/B", "/é", "/a"], n => Volume.Create(n).Dispose());

        Assert.Equal(["B", "a", "b", "é"], Volume.List("/").Select(n => n.Name));
    }

    [Fact]
    public void A_directory_has_two_links_and_one_for_each_subdirectory()
    {
        Assert.Equal(2, Volume.Stat("/").Links);
        Volume.MakeDirectory("/d");
        Volume.MakeDirectory("/d/e");
        Volume.Create("/d/f").Dispose();

        Assert.Equal((3, 3, 2), (Volume.Stat("/").Links, Volume.Stat("/d").Links, Volume.Stat("/d/e").Links));
        Volume.Rename("/d/e", "/e");
        Assert.Equal((4, 2, 2), (Volume.Stat("/").Links, Volume.Stat("/d").Links, Volume.Stat("/e").Links));
        Volume.RemoveDirectory("/e");
        Assert.Equal(3, Volume.Stat("/").Links);
    }

    [Fact]
    public void Hard_links_are_one_file()
    {
        using var a = Volume.Create("/a");
        Volume.Link("/a", "/b");
        a.Write(0, "x"u8);

        Assert.Equal((2, 1L), (Volume.Stat("/b").Links, Volume.Stat("/b").Size));
        Volume.Rename("/a", "/b");
        Assert.Equal(["a", "b"], Volume.List("/").Select(n => n.Name));
        Volume.Unlink("/a");
        Assert.Equal(1, Volume.Stat("/b").Links);
    }

    [Fact]
    public void An_absolute_link_found_through_a_relative_one_starts_at_the_root()
    {
        Volume.MakeDirectory("/d");
        Volume.Create("/x").Dispose();
        Volume.MakeSymbolicLink("/x", "/d/absolute");
        Volume.MakeSymbolicLink("absolute", "/d/relative");
        Volume.MakeSymbolicLink("../d/relative", "/d/up");

        Assert.Equal(Volume.Stat("/x").Inode, Volume.Stat("/d/relative").Inode);
        Assert.Equal(Volume.Stat("/x").Inode, Volume.Stat("/d/up").Inode);
        Assert.Equal("absolute", Volume.ReadLink("/d/relative"));
        Assert.Equal(8, Volume.StatLink("/d/relative").Size);
    }

    [Theory]
    [InlineData(40, null)]
    [InlineData(41, Errno.ELOOP)]
    public void Forty_links_are_followed(int links, Errno? error)
    {
        Volume.Create("/0").Dispose();
        for (var i = 1; i <= links; i++)
        {
            Volume.MakeSymbolicLink($"{i - 1}", $"/{i}");
        }

        Assert.Equal(error, Errors.Of(() => Volume.Stat($"/{links}")));
    }

    [Fact]
    public void A_link_to_itself_is_a_loop()
    {
        Volume.MakeSymbolicLink("/me", "/me");

        Assert.Equal(Errno.ELOOP, Errors.Of(() => Volume.Open("/me")));
        Assert.Equal("/me", Volume.ReadLink("/me"));
    }

    [Fact]
    public void Names_are_measured_in_bytes()
    {
        Volume.Create("/" + new string('é', 127)).Dispose();

        Assert.Equal(Errno.ENAMETOOLONG, Errors.Of(() => Volume.Create("/" + new string('é', 128))));
        Assert.Equal(Errno.ENAMETOOLONG, Errors.Of(() => Volume.Create("/" + new string('a', 256))));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Stat(string.Concat(Enumerable.Repeat("/a", 2047)))));
        Assert.Equal(Errno.ENAMETOOLONG, Errors.Of(() => Volume.Stat(string.Concat(Enumerable.Repeat("/a", 2048)))));
    }

    [Fact]
    public void Rename_replaces_what_it_may()
    {
        Volume.MakeDirectory("/d");
        Volume.MakeDirectory("/empty");
        Volume.Create("/d/f").Dispose();
        Volume.Create("/g").Dispose();
        var before = _machine.Snapshot().ToString();

        Assert.Equal(Errno.EISDIR, Errors.Of(() => Volume.Rename("/g", "/d")));
        Assert.Equal(Errno.ENOTDIR, Errors.Of(() => Volume.Rename("/d", "/g")));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => Volume.Rename("/empty", "/d")));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Rename("/d", "/d/inside")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Rename("/none", "/g")));
        Assert.Equal(before, _machine.Snapshot().ToString());
        Volume.Rename("/d", "/empty");
        Volume.Rename("/g", "/empty/f");
        Assert.Equal(["empty"], Volume.List("/").Select(n => n.Name));
    }

    [Fact]
    public void Rename_moves_the_times_of_both_directories()
    {
        Volume.MakeDirectory("/from");
        Volume.MakeDirectory("/to");
        Volume.Create("/from/f").Dispose();
        _machine.Wait(TimeSpan.FromSeconds(1));
        Volume.Rename("/from/f", "/to/f");

        Assert.Equal(_machine.Clock.Now, Volume.Stat("/from").ModifiedAt);
        Assert.Equal(_machine.Clock.Now, Volume.Stat("/to").ModifiedAt);
    }

    [Fact]
    public void Wrong_names_have_the_errors_of_Linux()
    {
        Volume.MakeDirectory("/d");
        Volume.Create("/d/f").Dispose();
        Volume.MakeSymbolicLink("nowhere", "/l");

        Assert.Equal(Errno.ENOTDIR, Errors.Of(() => Volume.Stat("/d/f/g")));
        Assert.Equal(Errno.ENOTEMPTY, Errors.Of(() => Volume.RemoveDirectory("/d")));
        Assert.Equal(Errno.ENOTDIR, Errors.Of(() => Volume.RemoveDirectory("/d/f")));
        Assert.Equal(Errno.EISDIR, Errors.Of(() => Volume.Unlink("/d")));
        Assert.Equal(Errno.EISDIR, Errors.Of(() => Volume.Open("/d")));
        Assert.Equal(Errno.EPERM, Errors.Of(() => Volume.Link("/d", "/e")));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => Volume.Create("/d/f")));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => Volume.MakeDirectory("/l")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Stat("/l")));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.ReadLink("/d")));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Stat("d")));
        Assert.Equal(Errno.ENOTDIR, Errors.Of(() => Volume.List("/d/f")));
    }

    [Fact]
    public void Only_permissions_and_set_id_bits_of_a_mode_are_kept()
    {
        Volume.Create("/f", (UnixFileMode)0x1FFFF).Dispose();
        Volume.MakeDirectory("/d", (UnixFileMode)(-1));

        Assert.Equal((FileModes.All, FileModes.All), (Volume.Stat("/f").Mode, Volume.Stat("/d").Mode));
    }

    [Fact]
    public void A_refused_open_leaves_no_user_behind()
    {
        Volume.Create("/f").Dispose();

        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Open("/f", OpenFlags.Read | OpenFlags.Truncate)));
        Assert.Equal(0, Volume.Find("/f").Users);
    }

    public void Dispose() => _machine.Dispose();
}
