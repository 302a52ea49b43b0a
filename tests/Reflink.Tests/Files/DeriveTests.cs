using Reflink.Descriptions;
using Reflink.Descriptions.Content;
using Reflink.Files;
using Reflink.Patching.Sets;
using Reflink.Tests.Descriptions;
using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Files;

/// <summary>Files made from descriptions: their bytes, what they share, and what stays when the base goes.</summary>
public sealed class DeriveTests
{
    private const int P = Page.Size;

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    [InlineData(CacheKeying.Content)]
    public void A_derived_file_has_the_bytes_that_its_description_says(CacheKeying keying)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var edits = BuilderTests.Edited(seed, seed % 12);
            using var machine = new Machine(new MachineOptions { Memory = 48 * P, Keying = keying });
            Write(machine, "/first", edits.First);
            Write(machine, "/donor", BuilderTests.Read(edits.Sources[1]));
            var description = edits.Builder.Build((PreconditionKind)(seed % 4), edits.Sources);
            machine.Volume.Derive(description, "/made");
            Fsck.Require(machine);
            Assert.Equal(edits.Flat, Read(machine, "/made"));
            Assert.Equal(ContentRoot.Of(description.Result(edits.SourcesOf(description))), ContentRoot.Of(machine.Volume.SourceOf("/made")));

            Write(machine, "/first", new byte[100]);
            machine.DropCaches();
            machine.Volume.Unlink("/donor");
            Assert.Equal(edits.Flat, Read(machine, "/made"));
            Fsck.Require(machine);
            machine.Volume.Materialize("/made");
            machine.Volume.Unlink("/first");
            Assert.Equal(edits.Flat, Read(machine, "/made"));
            Fsck.Require(machine);
        }
    }

    [Fact]
    public void Unchanged_pages_are_the_bases_blocks_and_changed_ones_take_no_space()
    {
        using var machine = Lettered(100);
        var before = machine.Volume.Blocks.Free;
        machine.Volume.Derive(Changes(100).Write((10 * P) + 5, "x"u8).Write(20 * P, Tale.Letters(1)).Punch(30 * P, P).Build(), "/made");
        Assert.Equal(before - 1, machine.Volume.Blocks.Free);

        var extents = machine.Volume.Extents("/made");
        Assert.Equal([0, 10, 11, 20, 21, 31], extents.Select(e => e.Start.Value));
        Assert.Equal([false, true, false, false, false, false], extents.Select(e => (e.Flags & ExtentFlags.Encoded) != 0));
        Assert.Equal(machine.Volume.Extents("/lib")[0].Block, extents[0].Block);
        Assert.Equal(99, machine.Volume.Stat("/made").Blocks);

        machine.DropCaches();
        Read(machine, "/lib");
        var frames = Frames(machine);
        Read(machine, "/made");
        Assert.Equal(frames + 2, Frames(machine));
    }

    [Fact]
    public void A_page_is_made_when_it_is_touched_and_made_again_without_reading_while_the_base_is_in_memory()
    {
        using var machine = Lettered(20);
        machine.Volume.Derive(Changes(20).Write(5, "x"u8).Build(), "/made");
        Read(machine, "/lib");
        var made = machine.Meter.Total(WorkKind.PageDerived);
        var read = machine.Meter.Total(WorkKind.StoreRead);
        for (var n = 1; n <= 3; n++)
        {
            Assert.Equal((byte)'x', Read(machine, "/made")[5]);
            Assert.Equal(made + n, machine.Meter.Total(WorkKind.PageDerived));
            using var file = machine.Volume.Open("/made");
            Assert.Equal(1, file.Evict(0, P));
        }

        Assert.Equal(read, machine.Meter.Total(WorkKind.StoreRead));
    }

    [Fact]
    public void A_page_that_is_made_without_reading_has_no_others_read_ahead()
    {
        using var machine = Lettered(40);
        machine.Volume.Derive(Changes(40).Write((20 * P) + 5, "x"u8).Build(), "/made");
        machine.DropCaches();
        using (var file = machine.Volume.Open("/lib"))
        {
            // Backwards, so that nothing is read ahead, and what lies before the made page looks like a stream's.
            for (var page = 20; page > 16; page--)
            {
                file.Read(page * P, new byte[1]);
            }
        }

        var read = machine.Meter.Total(WorkKind.StoreRead);
        using var made = machine.Volume.Open("/made");
        Assert.Equal(1, made.Read((20 * P) + 5, new byte[1]));
        Assert.Equal(read, machine.Meter.Total(WorkKind.StoreRead));
    }

    [Fact]
    public void Equal_changes_are_one_frame_whoever_made_them_and_a_patch_set_makes_the_same()
    {
        using var machine = Lettered(8);
        machine.Volume.Derive(Changes(8).Write(P + 5, "xyz"u8).Build(), "/one");
        machine.Volume.Derive(Changes(8).Write(P + 7, "z"u8).Write(P + 5, "xy"u8).Write(2 * P, "other"u8).Build(), "/two");
        var set = new PatchSetBuilder(new PatchTarget("/lib")).Add(P + 5, "BBB"u8, "xyz"u8).Build();
        machine.Volume.Derive(set.ToDescription(8 * P), "/three");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        using var file = machine.Volume.Open("/lib");
        var address = process.Memory.Map(file, 0, 8 * P, Protection.ReadExecute, MappingKind.Private);
        machine.TextPoke.Apply(process, address, set);
        BlockNumber Block(string path) => machine.Volume.Extents(path).Single(e => e.Start.Value == 1).Block;
        Assert.Equal(Block("/one"), Block("/two"));
        Assert.Equal(Block("/one"), Block("/three"));
        var poked = process.Memory.Find(address)!.Base!;
        Assert.True(poked.Map.TryFindBlock(new PageIndex(1), out var block));
        Assert.Equal(Block("/one"), block);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void It_can_be_cloned_written_deduplicated_mapped_and_derived_from()
    {
        using var machine = Lettered(8);
        machine.Volume.Derive(Changes(8).Write(P + 5, "xyz"u8).Build(), "/made");
        machine.Volume.Clone("/made", "/clone");
        Write(machine, "/clone", "start"u8);
        Assert.Equal("xyz"u8, Read(machine, "/clone").AsSpan(P + 5, 3));
        Assert.Equal((byte)'A', Read(machine, "/made")[0]);

        using (var clone = machine.Volume.Open("/clone", OpenFlags.ReadWrite))
        using (var made = machine.Volume.Open("/made", OpenFlags.ReadWrite))
        {
            clone.Write(P, Read(machine, "/made").AsSpan(P, P));
            Assert.True(machine.Volume.Dedupe(clone, P, P, made, P));
            var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
            var address = process.Memory.Map(made, 0, 8 * P, Protection.ReadWrite, MappingKind.Shared);
            process.Memory.Store(address + (3 * P), "through"u8);
            Assert.Equal("through"u8, Read(machine, "/made").AsSpan(3 * P, 7));
            Fsck.Require(machine);
        }

        machine.Volume.Derive(new ChangeDescription.Builder(new DescribedBase(8 * P, "/made")).Write(P, "chain"u8).Insert(2 * P, "more"u8).Build(), "/next");
        var next = Read(machine, "/next");
        Assert.Equal("chainxyz"u8, next.AsSpan(P, 8));
        Assert.Equal("more"u8, next.AsSpan(2 * P, 4));
        machine.Volume.Unlink("/made");
        machine.Volume.Unlink("/lib");
        Assert.Equal(next, Read(machine, "/next"));
        Fsck.Require(machine);
    }

    [Fact]
    public void A_base_that_has_changed_is_ESTALE_and_nothing_is_made()
    {
        using var machine = Lettered(8);
        var source = machine.Volume.SourceOf("/lib");
        var description = Changes(8).Write(P + 5, "xyz"u8).Build(PreconditionKind.Bytes, [source]);
        var root = Changes(8).Write(P + 5, "xyz"u8).Build(PreconditionKind.Root, [source]);
        Write(machine, "/lib", "new"u8);
        machine.Volume.Derive(description, "/fits");
        Assert.Equal(Errno.ESTALE, Errors.Of(() => machine.Volume.Derive(root, "/made")));
        using var lib = machine.Volume.Open("/lib", OpenFlags.ReadWrite);
        lib.Write(P + 6, "?"u8);
        var refused = Assert.Throws<BaseMismatchException>(() => machine.Volume.Derive(description, "/made"));
        Assert.Equal(P + 6, refused.Offset);
        lib.Append("longer"u8);
        Assert.Equal(Errno.ESTALE, Errors.Of(() => machine.Volume.Derive(Changes(8).Build(), "/made")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => machine.Volume.Stat("/made")));
        Fsck.Require(machine);
    }

    [Fact]
    public void What_cannot_be_made_leaves_nothing()
    {
        using var machine = new Machine(new MachineOptions { VolumeCapacity = 12 * P });
        Write(machine, "/lib", Tale.Letters(8));
        var before = machine.Snapshot().Without("counters").ToString();
        var large = Changes(8).Append(Tale.Letters(5)).Build();
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => machine.Volume.Derive(large, "/made")));
        Assert.Equal(Errno.EEXIST, Errors.Of(() => machine.Volume.Derive(large, "/lib")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => machine.Volume.Derive(large, "/no/made")));
        Assert.Equal(Errno.ENOENT, Errors.Of(() => machine.Volume.Derive(large, "/made", "/other")));
        Assert.Equal(Errno.EISDIR, Errors.Of(() => machine.Volume.Derive(large, "/made", "/")));
        Assert.Equal(Errno.EINVAL, Errors.Of(() => machine.Volume.Derive(large, "/made", "/lib", "/lib")));
        Assert.Equal(before, machine.Snapshot().Without("counters").ToString());
        machine.Volume.Derive(Changes(8).Append(Tale.Letters(4)).Build(), "/made");
        Fsck.Require(machine);
    }

    [Fact]
    public void A_fill_that_does_not_fit_is_refused_at_once_and_one_that_fits_is_written()
    {
        using var machine = new Machine(new MachineOptions { VolumeCapacity = 100 * P, Memory = 1 << 20 });
        Write(machine, "/lib", Tale.Letters(8));
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => machine.Volume.Derive(Changes(8).Fill(20, 1L << 40, 7).Build(), "/made")));
        machine.Volume.Derive(Changes(8).Fill(20, 50 * P, 7).Build(), "/made");
        Assert.All(Read(machine, "/made")[20..], b => Assert.Equal(7, b));
        Fsck.Require(machine);
    }

    [Fact]
    public void A_damaged_base_is_EIO_that_names_the_page_and_the_block()
    {
        var store = new DictionaryPageStore();
        using var machine = new Machine(new MachineOptions { PageStore = store });
        Write(machine, "/lib", Tale.Letters(3));
        machine.Volume.Derive(Changes(3).Write(P + 5, "x"u8).Build(), "/made");
        machine.DropCaches();
        store.Delete(BlockNumber.Of(BlockKind.Stored, 2));
        var failure = Assert.Throws<ReflinkException>(() => Read(machine, "/made"));
        Assert.Equal(Errno.EIO, failure.Error);
        Assert.Contains("'/made'", failure.Message);
        Assert.Contains("'/lib'", failure.Message);
        Assert.Contains("page 1", failure.Message);
        Assert.Contains("s2", failure.Message);
    }

    [Fact]
    public void A_file_whose_offset_moved_by_a_byte_is_made_of_mixed_pages()
    {
        using var machine = Lettered(50);
        machine.Volume.Derive(Changes(50).Insert(0, "!"u8).Build(), "/made");
        Assert.All(machine.Volume.Extents("/made"), e => Assert.True((e.Flags & ExtentFlags.Encoded) != 0));
        byte[] expected = [(byte)'!', .. Tale.Letters(50)];
        Assert.Equal(expected, Read(machine, "/made"));
        Assert.Equal(51, machine.Volume.Materialize("/made"));
        Assert.Equal(0, machine.Volume.Materialize("/made"));
        Assert.Equal(expected, Read(machine, "/made"));
    }

    [Fact]
    public void Pages_are_made_in_the_background_while_time_passes()
    {
        using var machine = Lettered(200);
        machine.Volume.Derive(Changes(200).Insert(0, "!"u8).Build(), "/made");
        machine.Volume.Derive(Changes(200).Write(5, "x"u8).Build(), "/gone");
        machine.Volume.Derive(Changes(200).Write(7, "y"u8).Build(), "/other");
        long Derived(string path) => machine.Volume.Extents(path).Where(e => (e.Flags & ExtentFlags.Encoded) != 0).Sum(e => e.Length);
        foreach (var path in (string[])["/made", "/gone", "/other"])
        {
            machine.Volume.MaterializeLater(path);
        }

        machine.Volume.Unlink("/gone");
        machine.Wait(TimeSpan.FromMilliseconds(21));
        Assert.Equal(201 - 64, Derived("/made"));
        machine.Wait(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0), (Derived("/made"), Derived("/other")));
        Assert.Equal((byte)'!', Read(machine, "/made")[0]);
        Fsck.Require(machine);
    }

    [Fact]
    public void Blocks_that_move_by_whole_pages_stay_shared()
    {
        using var machine = Lettered(50);
        machine.Volume.Derive(Changes(50).InsertHole(10 * P, 2 * P).Collapse(30 * P, P).Build(), "/made");
        Assert.DoesNotContain(machine.Volume.Extents("/made"), e => (e.Flags & ExtentFlags.Encoded) != 0);
        var letters = Tale.Letters(50);
        Assert.Equal([.. letters[..(10 * P)], .. new byte[2 * P], .. letters[(10 * P)..(28 * P)], .. letters[(29 * P)..]], Read(machine, "/made"));
    }

    private static ChangeDescription.Builder Changes(int pages) => new(new DescribedBase(pages * P, "/lib"));

    private static Machine Lettered(int pages)
    {
        var machine = new Machine(new MachineOptions { Memory = 4 << 20 });
        Write(machine, "/lib", Tale.Letters(pages));
        machine.Cache.Dirty.CleanAll();
        return machine;
    }

    private static void Write(Machine machine, string path, ReadOnlySpan<byte> bytes)
    {
        using var file = machine.Volume.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        Assert.Equal(bytes.Length, file.Write(0, bytes));
    }

    private static byte[] Read(Machine machine, string path)
    {
        using var file = machine.Volume.Open(path);
        var bytes = new byte[file.Size];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return bytes;
    }

    private static int Frames(Machine machine) => machine.Snapshot()["frames"].Rows.Count;
}
