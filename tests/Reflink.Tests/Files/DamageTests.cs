using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>A store that lost a page: the error names the inode, the page and the block, and nothing is made up.</summary>
public sealed class DamageTests : IDisposable
{
    private const int P = Page.Size;
    private readonly DictionaryPageStore _store = new();
    private readonly Machine _machine;
    private readonly OpenFile _file;

    public DamageTests()
    {
        _machine = new Machine(new MachineOptions { PageStore = _store });
        _file = _machine.Volume.Create("/f");
        _file.Write(0, Tale.Letters(3));
        _machine.DropCaches();
        _store.Delete(BlockNumber.Of(BlockKind.Stored, 2));
    }

    [Fact]
    public void Reading_names_path_page_and_block()
    {
        var failure = Assert.Throws<ReflinkException>(() => _file.Read(P, new byte[1]));

        Assert.Equal(Errno.EIO, failure.Error);
        Assert.StartsWith($"EIO: '/f' (inode {_file.Inode.Number}), page 1: block s2 ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _file.Read(0, new byte[1]));
    }

    [Fact]
    public void A_part_of_the_page_cannot_be_written_but_the_whole_can()
    {
        Assert.Equal(Errno.EIO, Errors.Of(() => _file.Write(P, "part"u8)));
        Assert.Equal(P, _file.Write(P, Tale.Letters(1)));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void A_write_that_ends_in_the_page_is_short_and_a_new_version()
    {
        var version = _file.Inode.Version;

        Assert.Equal(P, _file.Write(0, Tale.Text(P + 10)));
        Assert.Equal(version + 1, _file.Inode.Version);
    }

    [Fact]
    public void Truncating_into_the_page_changes_nothing()
    {
        Assert.Equal(Errno.EIO, Errors.Of(() => _file.Truncate(P + 10)));

        Assert.Equal((3 * P, 3L), (_file.Size, _machine.Volume.Stat("/f").Blocks));
        _file.Truncate(P);
        Assert.Equal(P, _file.Size);
    }

    [Fact]
    public void A_mapping_and_a_poke_fail_with_the_same_error()
    {
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "app");
        var address = process.Memory.Map(_file, 0, 3 * P, Protection.ReadExecute);

        Assert.Equal(Errno.EIO, Errors.Of(() => process.Memory.Load(address + P, new byte[1])));
        Assert.Equal(Errno.EIO, Errors.Of(() => _machine.TextPoke.Apply(process, address, Tale.Breakpoints(P))));
        Assert.Empty(_machine.Derived.All);
        Assert.EndsWith("not in memory and not in the store", Assert.Single(Fsck.Check(_machine)), StringComparison.Ordinal);
    }

    public void Dispose() => _machine.Dispose();
}
