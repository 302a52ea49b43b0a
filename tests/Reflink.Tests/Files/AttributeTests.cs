using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>Modes, owners, times, immutable files, extended attributes, files without names, renaming with flags.</summary>
public sealed class AttributeTests : IDisposable
{
    private const string Capability = "security.capability";
    private const UnixFileMode Program = FileModes.Program | FileModes.SetIds;

    private readonly Machine _machine = new();
    private readonly OpenFile _file;

    public AttributeTests() => _file = _machine.Volume.Create("/f");

    private Volume Volume => _machine.Volume;

    [Fact]
    public void Who_changes_a_program_takes_its_rights_unless_it_is_root()
    {
        foreach (var change in (Action[])[() => _file.Write(0, "x"u8), () => _file.Truncate(9), () => _file.Fallocate(FallocateMode.Allocate, 0, 20), Clone])
        {
            Volume.SetMode("/f", Program);
            Volume.SetAttribute("/f", Capability, "c"u8);
            _file.User = default;
            change();
            Assert.Equal((Program, 0), (Volume.Stat("/f").Mode, Volume.ListAttributes("/f").Count));
            _file.User = new UserId(5);
            change();
            Assert.Equal(FileModes.Program, Volume.Stat("/f").Mode);
        }

        Volume.SetMode("/f", (UnixFileMode)0xDE4);
        _file.Write(0, "x"u8);
        Assert.Equal((UnixFileMode)0x5E4, Volume.Stat("/f").Mode);
    }

    [Fact]
    public void A_new_owner_takes_set_id_bits_whoever_gives()
    {
        Volume.SetMode("/f", Program);
        Volume.SetOwner("/f", new UserId(7));
        Assert.Equal((FileModes.Program, new UserId(7)), (Volume.Stat("/f").Mode, Volume.Stat("/f").Owner));
    }

    [Fact]
    public void What_is_immutable_stays_as_it_is()
    {
        Volume.Create("/source").Dispose();
        using var source = Volume.Open("/source");
        Volume.SetFlags("/f", InodeFlags.Immutable);
        Action[] refused =
        [
            () => Volume.Open("/f", OpenFlags.Write), () => Volume.Unlink("/f"), () => Volume.Rename("/f", "/g"), () => Volume.Rename("/source", "/f"),
            () => Volume.Link("/f", "/g"), () => Volume.SetMode("/f", 0), () => Volume.SetOwner("/f", new UserId(1)), () => Volume.SetModified("/f", 1),
            () => Volume.SetAttribute("/f", "user.a", []), () => _file.Fallocate(FallocateMode.Allocate, 0, 1), () => Volume.Clone(source, _file),
            () => Volume.CloneRange(source, 0, 0, _file, 0), () => Volume.Dedupe(source, 0, 0, _file, 0), () => Volume.CopyRange(source, 0, _file, 0, 1),
        ];
        Assert.All(refused, act => Assert.Equal(Errno.EPERM, Errors.Of(act)));
        Volume.SetFlags("/f", InodeFlags.None);
        Volume.Unlink("/f");
        Assert.Equal(Errno.EOPNOTSUPP, Errors.Of(() => Volume.SetFlags("/source", (InodeFlags)1)));
    }

    [Fact]
    public void Nothing_enters_or_leaves_an_immutable_directory()
    {
        Volume.MakeDirectory("/d");
        Volume.Create("/d/a").Dispose();
        Volume.SetFlags("/d", InodeFlags.Immutable);
        Assert.Equal(Errno.EPERM, Errors.Of(() => Volume.Create("/d/b")));
        Assert.Equal(Errno.EPERM, Errors.Of(() => Volume.Unlink("/d/a")));
        Assert.Equal(Errno.EPERM, Errors.Of(() => Volume.Rename("/f", "/d/f")));
        Assert.Equal(["a"], Volume.List("/d").Select(n => n.Name));
    }

    [Theory]
    [InlineData("user.a", 1, AttributeFlags.None, null)]
    [InlineData("user.there", 1, AttributeFlags.Create, Errno.EEXIST)]
    [InlineData("user.a", 1, AttributeFlags.Replace, Errno.ENODATA)]
    [InlineData("user.there", 1, AttributeFlags.Replace, null)]
    [InlineData("mine.a", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("user.a", 65_536, AttributeFlags.None, null)]
    [InlineData("user.a", 65_537, AttributeFlags.None, Errno.E2BIG)]
    [InlineData("user.", 1, AttributeFlags.None, Errno.EINVAL)]
    [InlineData("trusted.", 1, AttributeFlags.None, Errno.EINVAL)]
    [InlineData("security.", 1, AttributeFlags.None, Errno.EINVAL)]
    [InlineData("system.", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("system.bogus", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("User.a", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("user", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("a", 1, AttributeFlags.None, Errno.EOPNOTSUPP)]
    [InlineData("a", 65_537, AttributeFlags.None, Errno.E2BIG)]
    [InlineData("", 65_537, AttributeFlags.None, Errno.ERANGE)]
    [InlineData("a", 65_537, (AttributeFlags)4, Errno.EINVAL)]
    [InlineData("user.a", 1, AttributeFlags.Create | AttributeFlags.Replace, null)]
    [InlineData("user.there", 1, AttributeFlags.Create | AttributeFlags.Replace, Errno.EEXIST)]
    public void Attributes_are_set(string name, int length, AttributeFlags flags, Errno? error)
    {
        Volume.SetAttribute("/f", "user.there", "old"u8);
        Assert.Equal(error, Errors.Of(() => Volume.SetAttribute("/f", name, new byte[length], flags)));
        Assert.Equal(error is null, Volume.ListAttributes("/f").Contains(name) && Volume.GetAttribute("/f", name).Length == length);
    }

    [Theory]
    [InlineData("", Errno.ERANGE)]
    [InlineData("user.", Errno.EINVAL)]
    [InlineData("system.bogus", Errno.EOPNOTSUPP)]
    [InlineData("a", Errno.EOPNOTSUPP)]
    [InlineData("user.a", Errno.ENODATA)]
    public void Reading_and_removing_ask_for_the_same_names(string name, Errno error)
    {
        Assert.Equal(error, Errors.Of(() => Volume.GetAttribute("/f", name)));
        Assert.Equal(error, Errors.Of(() => Volume.RemoveAttribute("/f", name)));
    }

    [Fact]
    public void Attributes_have_limits_and_go()
    {
        Assert.Equal(Errno.ERANGE, Errors.Of(() => Volume.SetAttribute("/f", "user." + new string('a', 251), [])));
        Volume.SetAttribute("/f", "user." + new string('a', 250), []);
        Assert.Equal(Errno.ENODATA, Errors.Of(() => Volume.GetAttribute("/f", "user.none")));
        Assert.Equal(Errno.ENODATA, Errors.Of(() => Volume.RemoveAttribute("/f", "user.none")));
        Volume.RemoveAttribute("/f", "user." + new string('a', 250));
        Assert.Empty(Volume.ListAttributes("/f"));
    }

    [Fact]
    public void A_file_without_a_name_gets_one_or_goes()
    {
        var inodes = Volume.Statistics().Inodes;
        using (Volume.OpenTemporary())
        {
            Assert.Equal(inodes + 1, Volume.Statistics().Inodes);
        }

        Assert.Equal(inodes, Volume.Statistics().Inodes);
        using var file = Volume.OpenTemporary();
        Volume.Link(file, "/named");
        Assert.Equal(file.Inode, Volume.Find("/named"));
        Volume.Unlink("/named");
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Link(file, "/again")));
        using var never = Volume.OpenTemporary(OpenFlags.ReadWrite | OpenFlags.Exclusive);
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Link(never, "/never")));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.OpenTemporary(OpenFlags.Read)));
    }

    [Fact]
    public void Names_are_exchanged_or_not_replaced()
    {
        Volume.MakeDirectory("/d");
        Volume.MakeDirectory("/d/e");
        var (file, directory) = (Volume.Find("/f"), Volume.Find("/d/e"));
        Volume.Rename("/f", "/d/e", RenameFlags.Exchange);
        Assert.Equal((file, directory), (Volume.Find("/d/e"), Volume.Find("/f")));
        Assert.Equal((3, 2), (Volume.Stat("/").Links - 1, Volume.Stat("/d").Links));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => Volume.Rename("/f", "/d", RenameFlags.NoReplace)));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.Rename("/f", "/none", RenameFlags.Exchange)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Rename("/d/e", "/d", RenameFlags.Exchange)));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => Volume.Rename("/f", "/d", RenameFlags.Exchange | RenameFlags.NoReplace)));
        Volume.Rename("/f", "/g", RenameFlags.NoReplace);
        Assert.Equal(directory, Volume.Find("/g"));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void Times_limits_and_sectors()
    {
        Volume.SetModified("/f", 42);
        Assert.Equal(42, Volume.Stat("/f").ModifiedAt);
        _file.Write(0, "x"u8);
        Assert.NotEqual(42, Volume.Stat("/f").ModifiedAt);
        Volume.MakeSymbolicLink(new string('x', 1023), "/l");
        Assert.Equal(Errno.ENAMETOOLONG, Errors.Of(() => Volume.MakeSymbolicLink(new string('x', 1024), "/m")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => Volume.MakeSymbolicLink("", "/m")));
        using var direct = Volume.Open("/f", OpenFlags.ReadWrite | OpenFlags.Direct);
        Assert.Equal(512, direct.Write(512, new byte[512]));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => direct.Write(100, new byte[512])));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => direct.Read(0, new byte[100])));
        Assert.Equal((Page.Size, 255), (Volume.Statistics().BlockSize, Volume.Statistics().LongestName));
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }

    private void Clone()
    {
        using var source = Volume.Open("/f2", OpenFlags.ReadWrite | OpenFlags.Create);
        source.Write(0, "y"u8);
        Volume.CloneRange(source, 0, 0, _file, 4 * Page.Size);
    }
}
