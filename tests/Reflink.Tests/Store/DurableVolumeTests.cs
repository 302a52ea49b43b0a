using Reflink.Files;
using Reflink.Inodes;
using Reflink.Store;
using Reflink.Store.Commits;
using Reflink.Units;
using static Reflink.Tests.Store.TestPage;

namespace Reflink.Tests.Store;

/// <summary>What a volume in a durable store has after its machine was switched off.</summary>
public sealed class DurableVolumeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly byte[] _page = new byte[Page.Size];
    private Machine _machine;

    public DurableVolumeTests() => _machine = Make();

    private string Folder => _scratch.Of("store");

    private Volume Volume => _machine.Volume;

    public void Dispose()
    {
        _machine.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void A_new_store_has_an_empty_volume()
    {
        Reopen();
        Assert.Empty(Volume.List("/"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void What_was_synced_is_there_and_nothing_else()
    {
        using (var file = Volume.Create("/a"))
        {
            file.Write(0, Of(1));
            file.Write(5 * Page.Size, Of(2));
            Volume.MakeDirectory("/d", (UnixFileMode)0x1C0);
            Volume.Clone("/a", "/d/b");
            Volume.MakeSymbolicLink("/d/b", "/s");
            Volume.Link("/a", "/h");
            file.Sync();
            file.Write(0, Of(3));
            Volume.Unlink("/s");
        }

        Volume.Create("/late").Dispose();
        Reopen();
        Assert.Equal(["a", "d", "h", "s"], Volume.List("/").Select(n => n.Name));
        AssertPage("/a", 0, 1);
        AssertPage("/a", 5, 2);
        AssertPage("/s", 5, 2);
        Assert.Equal(Volume.Extents("/a"), Volume.Extents("/d/b"));
        Assert.All(Volume.Extents("/a"), e => Assert.True(e.IsShared));
        Assert.Equal((2, 6 * Page.Size, 2), (Volume.Stat("/h").Links, (int)Volume.Stat("/h").Size, (int)Volume.Stat("/h").Blocks));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Space_that_was_kept_and_attributes_are_there()
    {
        using (var file = Volume.Create("/a"))
        {
            file.Write(0, Of(1));
            file.Fallocate(FallocateMode.Allocate, 0, 4 * Page.Size);
        }

        Volume.SetAttribute("/a", "user.note", [1, 2, 3]);
        Volume.SetAttribute("/a", "user.empty", []);
        Volume.SetTimes("/a", 66, 77);
        Volume.SetFlags("/a", InodeFlags.Immutable);
        Volume.Sync();
        var (extents, stat, free) = (Volume.Extents("/a"), Volume.Stat("/a"), Volume.Blocks.Free);
        Reopen();
        Assert.Equal(extents, Volume.Extents("/a"));
        Assert.Contains(extents, e => e.Block == BlockNumber.Unwritten);
        Assert.Empty(Fsck.CheckPages(_machine));
        Assert.Equal(stat, Volume.Stat("/a"));
        Assert.Equal(free, Volume.Blocks.Free);
        Assert.Equal([1, 2, 3], Volume.GetAttribute("/a", "user.note").ToArray());
        Assert.Empty(Volume.GetAttribute("/a", "user.empty").ToArray());
        Assert.Equal(Errno.EPERM, Assert.Throws<ReflinkException>(() => Volume.Open("/a", OpenFlags.Write)).Error);
        Fsck.Require(_machine);
    }

    [Fact]
    public void It_goes_on_from_there_many_times()
    {
        for (var round = 1; round <= 12; round++)
        {
            using (var file = Volume.Open("/f", OpenFlags.ReadWrite | OpenFlags.Create))
            {
                for (var n = 0; n < 100; n += round)
                {
                    file.Write((long)n * Page.Size, Of(n + (1000 * round)));
                }

                if (round % 3 == 0)
                {
                    Volume.Clone("/f", $"/g{round}");
                    Volume.Unlink($"/g{round}");
                }
            }

            Volume.Sync();
            Reopen();
            Fsck.Require(_machine);
            for (var n = 0; n < 100; n++)
            {
                AssertPage("/f", n, n + (1000 * Enumerable.Range(1, round).Last(r => n % r == 0)));
            }
        }
    }

    [Fact]
    public void Every_attribute_is_recovered_from_changes_and_from_the_whole()
    {
        using (var file = Volume.Create("/f", (UnixFileMode)0x1A0))
        {
            file.Write(0, Of(1));
        }

        Volume.MakeDirectory("/d");
        Volume.MakeSymbolicLink("/f", "/d/s");
        Volume.Sync();
        var before = Attributes();
        Reopen();
        Assert.Equal(before, Attributes());
        ((IDurableStore)StoreOf(_machine)).Commit(WholeOf(_machine), CommitScope.Everything);
        Reopen();
        Assert.Equal(before, Attributes());
    }

    [Fact]
    public void A_file_that_was_open_and_nameless_is_gone_and_its_blocks_are_free()
    {
        var file = Volume.Create("/f");
        file.Write(0, Of(1));
        Volume.Unlink("/f");
        Volume.Sync();
        Reopen();
        Assert.Equal(Volume.Blocks.Total, Volume.Blocks.Free);
        Assert.Empty(Volume.List("/"));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Numbers_are_not_used_again_and_time_goes_on()
    {
        Volume.Create("/f").Dispose();
        var (number, now) = (Volume.Find("/f").Number.Value, _machine.Clock.Now);
        Volume.Unlink("/f");
        Volume.Sync();
        Reopen();
        using var file = Volume.Create("/g");
        Assert.True(file.Inode.Number.Value > number);
        Assert.True(_machine.Clock.Now >= now);
    }

    [Fact]
    public void What_processes_had_ends_with_the_machine()
    {
        using (var file = Volume.Create("/f"))
        {
            file.Write(0, Of(1));
            var process = _machine.Processes.Spawn(_machine.Processes.AddUser("u"), "p");
            var at = process.Memory.Map(file, 0, Page.Size, Protection.Read | Protection.Write);
            process.Memory.Store(at, [1, 2, 3]);
            Volume.Sync();
        }

        Reopen();
        AssertPage("/f", 0, 1);
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_sync_of_nothing_writes_nothing()
    {
        using var file = Volume.Create("/f");
        file.Write(0, Of(1));
        Volume.Sync();
        var before = FileLengths();
        Volume.Sync();
        file.Sync();
        Assert.Equal(before, FileLengths());
    }

    [Fact]
    public void Read_only_reads_changes_nothing_and_lets_others_read()
    {
        using (var file = Volume.Create("/f"))
        {
            file.Write(0, Of(1));
        }

        Volume.Sync();
        Volume.Create("/late").Dispose();
        _machine.Dispose();
        var before = FileLengths();
        _machine = Make(StoreUse.ReadOnly);
        using var second = Make(StoreUse.ReadOnly);
        AssertPage("/f", 0, 1);
        using (var file = Volume.Open("/f", OpenFlags.ReadWrite))
        {
            foreach (var refused in (Action[])[
                () => file.Write(0, Of(2)), () => file.Truncate(0), () => Volume.Create("/g"), () => Volume.Unlink("/f"), () => Volume.Clone("/f", "/h")])
            {
                Assert.Equal(Errno.EROFS, Assert.Throws<ReflinkException>(refused).Error);
            }
        }

        Volume.Sync();
        AssertPage("/f", 0, 1);
        Assert.Equal(["f"], Volume.List("/").Select(n => n.Name));
        Fsck.Require(_machine);
        second.Dispose();
        _machine.Dispose();
        Assert.Equal(before, FileLengths());
        _machine = Make();
    }

    [Fact]
    public void Two_machines_cannot_have_one_store()
    {
        var busy = Assert.Throws<ReflinkException>(() => Make());
        Assert.Equal(Errno.EBUSY, busy.Error);
        Assert.Equal($"EBUSY: the page store in {Folder} is being written by another store; wait until that has ended, or give this one a folder of its own", busy.Message);
    }

    [Fact]
    public void A_scratch_store_does_not_take_a_durable_one_nor_the_other_way_round()
    {
        _machine.Dispose();
        var before = FileLengths();
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => Make(StoreUse.Scratch)).Error);
        Assert.Equal(before, FileLengths());
        new FasterPageStore(new StoreOptions { Folder = _scratch.Of("scratch") }).Dispose();
        var options = new StoreOptions { Folder = _scratch.Of("scratch"), Use = StoreUse.Durable };
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => new FasterPageStore(options)).Error);
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(
            () => new FasterPageStore(options with { Folder = _scratch.Of("none"), Use = StoreUse.ReadOnly })).Error);
        _machine = Make();
    }

    [Fact]
    public void Clones_share_their_trees_after_recovery()
    {
        using (var file = Volume.Create("/f"))
        {
            for (var n = 0; n < 2000; n += 2)
            {
                file.Write((long)n * Page.Size, Of(n % 9));
            }
        }

        for (var n = 0; n < 50; n++)
        {
            Volume.Clone("/f", $"/c{n}");
        }

        var whole = WholeOf(_machine).Length;
        Volume.Sync();
        ((IDurableStore)StoreOf(_machine)).Commit(WholeOf(_machine), CommitScope.Everything);
        Reopen();
        Assert.InRange(whole, 0, 20_000);
        Assert.Same(Volume.Find("/f").Map.Root, Volume.Find("/c49").Map.Root);
        Fsck.Require(_machine);
    }

    [Fact]
    public void A_volume_of_the_first_format_is_refused_and_not_misread()
    {
        Volume.Sync();
        var record = WholeOf(_machine);

        // A record of the first format began with the time, and had no format before it.
        ((IDurableStore)StoreOf(_machine)).Commit(record.AsSpan(1), CommitScope.Everything);
        _machine.Dispose();
        var refused = Assert.Throws<ReflinkException>(() => Make());
        Assert.Equal(Errno.EIO, refused.Error);
        Assert.Contains("another version of Reflink", refused.Message, StringComparison.Ordinal);
    }

    private static FasterPageStore StoreOf(Machine machine) => machine.Store;

    private static byte[] WholeOf(Machine machine) => machine.Metadata.Journal!.Encode(machine.Clock.Now, CommitScope.Everything).Bytes.ToArray();

    private Machine Make(StoreUse use = StoreUse.Durable) => new(
        new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = Folder, Memory = StoreOptions.LeastMemory, Use = use } });

    private void Reopen()
    {
        _machine.Dispose();
        _machine = Make();
    }

    private void AssertPage(string path, int page, int expected)
    {
        using var file = Volume.Open(path);
        Assert.Equal(Page.Size, file.Read((long)page * Page.Size, _page));
        Assert.True(Of(expected).AsSpan().SequenceEqual(_page), $"{path}, page {page}");
    }

    // Whatever an inode shows, known now or added later, but for what belongs to a run.
    private string[] Attributes() => [.. _machine.Inodes.All.Select(i => string.Join(", ", typeof(Inode)
        .GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
        .Where(p => p.Name is not (nameof(Inode.Map) or nameof(Inode.Users) or nameof(Inode.Version) or nameof(Inode.ClonedFrom)))
        .Select(p => $"{p.Name}={(p.GetValue(i) is System.Collections.IEnumerable many and not string ? string.Join(';', many.Cast<object>()) : p.GetValue(i))}")))];

    private string FileLengths() => string.Join('\n', Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(f => $"{f} {new FileInfo(f).Length}"));
}
