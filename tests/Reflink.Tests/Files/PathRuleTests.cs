using Reflink.Files;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>
/// What the ends of paths ask for, as measured on Linux 6.18 with XFS; <see cref="Filesystems.LivePathTests"/> asks a live one for all of
/// them but the root, which was measured in a chroot.
/// </summary>
public sealed class PathRuleTests : IDisposable
{
    private readonly Machine _machine = new();

    public PathRuleTests()
    {
        Volume.Create("/f").Dispose();
        Volume.MakeDirectory("/d");
        Volume.MakeDirectory("/d/e");
        Volume.MakeSymbolicLink("new", "/d/l");
        Volume.MakeSymbolicLink("no/new", "/d/far");
        Volume.MakeSymbolicLink("new/", "/d/slash");
        Volume.MakeSymbolicLink("d", "/dl");
    }

    private Volume Volume => _machine.Volume;

    [Theory]
    [InlineData("/f/", Errno.ENOTDIR)]
    [InlineData("/f/.", Errno.ENOTDIR)]
    [InlineData("/f//", Errno.ENOTDIR)]
    [InlineData("/d/", Errno.EISDIR)]
    [InlineData("", Errno.ENOENT)]
    public void A_slash_at_the_end_asks_for_a_directory(string path, Errno error) => Assert.Equal(error, Errors.Of(() => Volume.Open(path)));

    [Theory]
    [InlineData("/g/", Errno.EISDIR, Errno.EISDIR)]
    [InlineData("/f/", Errno.EISDIR, Errno.EISDIR)]
    [InlineData("/d/.", Errno.EISDIR, Errno.EEXIST)]
    [InlineData("/d/..", Errno.EISDIR, Errno.EEXIST)]
    [InlineData("/", Errno.EISDIR, Errno.EEXIST)]
    [InlineData("/d/l", null, Errno.EEXIST)]
    [InlineData("/d/far", Errno.ENOENT, Errno.EEXIST)]
    [InlineData("/d/slash", Errno.EISDIR, Errno.EEXIST)]
    public void A_file_is_made_where_its_path_leads(string path, Errno? created, Errno exclusive)
    {
        Assert.Equal(exclusive, Errors.Of(() => Volume.Create(path)));
        Assert.Equal(created, Errors.Of(() => Volume.Open(path, OpenFlags.ReadWrite | OpenFlags.Create).Dispose()));
        Assert.Equal(created is null, Volume.List("/d").Any(n => n.Name == "new"));
    }

    [Theory]
    [InlineData("/", Errno.EBUSY, Errno.EISDIR, Errno.EBUSY)]
    [InlineData("/d/.", Errno.EINVAL, Errno.EISDIR, Errno.EBUSY)]
    [InlineData("/d/..", Errno.ENOTEMPTY, Errno.EISDIR, Errno.EBUSY)]
    [InlineData("/f/", Errno.ENOTDIR, Errno.ENOTDIR, Errno.ENOTDIR)]
    [InlineData("/dl/", Errno.ENOTDIR, Errno.ENOTDIR, Errno.ENOTDIR)]
    [InlineData("/d/e/", null, Errno.EISDIR, null)]
    public void What_does_not_end_in_a_name_is_not_removed(string path, Errno? removed, Errno unlinked, Errno? renamed)
    {
        Assert.Equal(unlinked, Errors.Of(() => Volume.Unlink(path)));
        Assert.Equal(renamed, Errors.Of(() => Volume.Rename(path, "/renamed")));
        Assert.Equal(removed, Errors.Of(() => Volume.RemoveDirectory(renamed is null ? "/renamed" : path)));
    }

    [Theory]
    [InlineData("/d/..", RenameFlags.None, Errno.EBUSY)]
    [InlineData("/", RenameFlags.Exchange, Errno.EBUSY)]
    [InlineData("/d/.", RenameFlags.NoReplace, Errno.EEXIST)]
    [InlineData("/g/", RenameFlags.None, Errno.ENOTDIR)]
    public void Nothing_is_renamed_to_what_is_no_name(string path, RenameFlags flags, Errno error) => Assert.Equal(error, Errors.Of(() => Volume.Rename("/f", path, flags)));

    [Fact]
    public void A_name_that_the_kernel_could_not_be_told_is_refused()
    {
        foreach (var path in (string[])["/a\0b", "/d\0/b", "/" + (char)0xD800])
        {
            Action[] calls =
            [
                () => Volume.Create(path), () => Volume.MakeDirectory(path), () => Volume.Stat(path), () => Volume.Rename("/f", path), () => Volume.Link("/f", path),
                () => Volume.MakeSymbolicLink(path, "/s"), () => Volume.MakeSymbolicLink("f", path), () => Volume.SetAttribute("/f", "user." + path, []),
            ];
            Assert.All(calls, call => Assert.Equal(Errno.EINVAL, Errors.Of(call)));
        }
    }

    [Fact]
    public void Null_is_the_callers_mistake()
    {
        Action[] calls =
        [
            () => Volume.Open(null!), () => Volume.Create(null!), () => Volume.Stat((string)null!), () => Volume.Rename("/f", null!), () => Volume.Rename(null!, "/f"),
            () => Volume.MakeSymbolicLink(null!, "/s"), () => Volume.Link("/f", null!), () => Volume.SetAttribute("/f", null!, []), () => Volume.Clone("/f", null!),
        ];
        Assert.All(calls, call => Assert.Throws<ArgumentNullException>(call));
    }

    [Fact]
    public void Bits_that_have_no_name_are_refused()
    {
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Open("/f", OpenFlags.Read | (OpenFlags)128)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.OpenTemporary(OpenFlags.ReadWrite | (OpenFlags)(1 << 30))));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Rename("/none", "/g", (RenameFlags)4)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Rename("/none", "/g", (RenameFlags)9)));
        using var file = Volume.Open("/f", OpenFlags.ReadWrite);
        foreach (var mode in (int[])[0x4, 0x80, 0x81, 0x100, 0x103, 0x40000000])
        {
            // Measured on Linux 6.18, which knows 0x80 (WRITE_ZEROES) and has no device here that can.
            Assert.Equal(Errno.EOPNOTSUPP, Errors.Of(() => file.Fallocate((FallocateMode)mode, 0, 4096)));
        }
    }

    public void Dispose() => _machine.Dispose();
}
