using Reflink.Cache;
using Reflink.Tests.Store;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Cache;

/// <summary>What a cache keyed by inode does differently from one keyed by block.</summary>
public sealed class KeyingTests
{
    private const int P = Page.Size;

    [Theory]
    [InlineData(CacheKeying.Block, 1, 5)]
    [InlineData(CacheKeying.Inode, 0, 8)]
    public void A_written_page_of_a_clone_is_copied_only_by_block(CacheKeying keying, long copied, int resident)
    {
        using var machine = Made(keying, pages: 4);
        machine.Volume.Clone("/a", "/b");
        Read(machine, "/b");
        using var b = machine.Volume.Open("/b", OpenFlags.ReadWrite);
        b.Write(P, "b"u8);
        Assert.Equal(copied, machine.Meter.Total(WorkKind.PageCopied));
        Assert.Equal(resident, machine.Cache.Resident);
        Assert.Equal([2, (byte)'b'], [Read(machine, "/a")[P], Read(machine, "/b")[P]]);
        Fsck.Require(machine);
    }

    [Theory]
    [InlineData(CacheKeying.Block, 1)]
    [InlineData(CacheKeying.Inode, 0)]
    public void An_entry_outlives_the_block_of_its_page_only_by_inode(CacheKeying keying, long faults)
    {
        using var machine = Made(keying, pages: 2);
        machine.Volume.Clone("/a", "/b");
        using var b = machine.Volume.Open("/b", OpenFlags.ReadWrite);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.Map(b, 0, 2 * P, Protection.Read);
        process.Memory.Load(address, new byte[1]);
        var before = process.MinorFaults;
        b.Write(0, "b"u8);
        var bytes = new byte[1];
        process.Memory.Load(address, bytes);
        Assert.Equal((byte)'b', bytes[0]);
        Assert.Equal(faults, process.MinorFaults - before);
    }

    [Fact]
    public void A_private_page_is_copied_from_the_frame_of_its_file()
    {
        using var machine = Made(CacheKeying.Inode, pages: 1);
        machine.DropCaches();
        using var a = machine.Volume.Open("/a");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.Map(a, 0, P, Protection.ReadWrite);
        process.Memory.Store(address, "p"u8);
        Assert.Equal((2, 1L), (machine.Cache.Resident, machine.StoreCalls.Reads));
        Read(machine, "/a");
        Assert.Equal((2, 1L), (machine.Cache.Resident, machine.StoreCalls.Reads));
    }

    [Fact]
    public void Dedupe_writes_both_ranges_back_and_drops_the_frames_of_the_target()
    {
        using var machine = Made(CacheKeying.Inode, pages: 4);
        machine.Volume.Create("/b").Dispose();
        using var a = machine.Volume.Open("/a", OpenFlags.ReadWrite);
        using var b = machine.Volume.Open("/b", OpenFlags.ReadWrite);
        b.Write(0, Bytes(4));
        Assert.True(machine.Volume.Dedupe(a, P, 2 * P, b, P));
        Assert.Equal((4L, 4, 6), (machine.StoreCalls.Writes, machine.Cache.DirtyFrames, machine.Cache.Resident));
        Fsck.Require(machine);
        Assert.Equal(Bytes(4), Read(machine, "/b"));
        Assert.Equal(8, machine.Cache.Resident);
    }

    [Fact]
    public void What_the_store_has_no_room_for_is_not_shared()
    {
        using var machine = Made(CacheKeying.Inode, pages: 6, new FullPageStore(new DictionaryPageStore(), room: 4));
        using var a = machine.Volume.Open("/a", OpenFlags.ReadWrite);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.Map(a, 0, 6 * P, Protection.ReadExecute);
        Fails(() => machine.Volume.Clone("/a", "/b"));
        Fails(() => machine.TextPoke.Apply(process, address, new PatchSetBuilder().Add(10, [1], [9]).Build()));
        Fails(() => a.Collapse(0, P));
        Assert.Equal(["a"], machine.Volume.List("/").Select(n => n.Name));
        Assert.Empty(machine.Derived.All);
        Assert.Equal(0, machine.Space.Live(BlockKind.Derived));
        Assert.Equal(Bytes(6), Read(machine, "/a"));
        Fsck.Require(machine);
    }

    [Fact]
    public void Files_of_equal_content_are_read_and_mapped_through_the_pages_of_one_of_them()
    {
        using var machine = Equal(pages: 4, "/b", "/c");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        foreach (var path in (string[])["/a", "/b", "/c"])
        {
            using var file = machine.Volume.Open(path);
            process.Memory.Load(process.Memory.Map(file, 0, 4 * P, Protection.Read), new byte[4 * P]);
            Assert.Equal(Bytes(4), Read(machine, path));
        }

        Assert.Equal((4, 12), (machine.Cache.Resident, machine.Space.Live(BlockKind.Stored)));
        Fsck.Require(machine);
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/b")]
    public void A_file_that_is_written_leaves_the_others_their_content(string written)
    {
        using var machine = Equal(pages: 4, "/b", "/c");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        string[] paths = ["/a", "/b", "/c"];
        var addresses = paths.Select(path => Mapped(process, path, machine)).ToArray();
        var before = machine.Cache.Resident;
        using (var file = machine.Volume.Open(written, OpenFlags.ReadWrite))
        {
            file.Write(P, "x"u8);
        }

        foreach (var (i, path) in paths.Index())
        {
            var expected = Bytes(4);
            expected[P] = path == written ? (byte)'x' : expected[P];
            var loaded = new byte[4 * P];
            process.Memory.Load(addresses[i], loaded);
            Assert.Equal(expected, loaded);
            Assert.Equal(expected, Read(machine, path));
        }

        // The one that leaves has frames of its own from now on: all of its pages, or, where it was the one that was read, the others' do.
        Assert.Equal(before + 4, machine.Cache.Resident);
        Fsck.Require(machine);
    }

    // Only what changes the content parts a file from the others: not its mode, its attributes, or another name.
    [Fact]
    public void A_file_whose_metadata_changes_still_shares_its_content()
    {
        using var machine = Equal(pages: 2, "/b");
        var volume = machine.Volume;
        volume.SetMode("/b", UnixFileMode.UserRead);
        volume.SetAttribute("/b", "user.a", [1]);
        volume.Link("/b", "/d");
        Assert.Same(volume.Find("/a"), volume.Find("/b").Reader);
        using var b = volume.Open("/b", OpenFlags.ReadWrite);
        b.Truncate(P);
        Assert.Same(volume.Find("/b"), volume.Find("/b").Reader);
        Fsck.Require(machine);
    }

    [Fact]
    public void Content_is_shared_within_a_domain_alone()
    {
        using var machine = Equal(pages: 2);
        machine.Volume.ShareContent("/a", "red");
        machine.Volume.ShareContent("/b", "blue");
        machine.DropCaches();
        Read(machine, "/a");
        Read(machine, "/b");
        Assert.Equal(4, machine.Cache.Resident);
        machine.Volume.ShareContent("/b", "red");
        Assert.Equal(2, machine.Cache.Resident);
        Assert.Same(machine.Volume.Find("/a"), machine.Volume.Find("/b").Reader);
        machine.Volume.Unlink("/a");
        Assert.Equal(Bytes(2), Read(machine, "/b"));
        Fsck.Require(machine);
    }

    [Fact]
    public void A_frame_is_found_by_its_page_whatever_the_block_becomes()
    {
        using var frames = new FrameTable(4096);
        var index = new FrameIndex(frames);
        index.FindByPage(BlockKind.Stored);
        var block = BlockNumber.Of(BlockKind.Stored, 7);
        for (var n = 0; n < 3000; n++)
        {
            frames[new FrameNumber(n)] = new Frame { Block = block };
            frames.Label(new FrameNumber(n)) = Label(n);
            index.Add(new FrameNumber(n));
        }

        var moved = BlockNumber.Of(BlockKind.Stored, 8);
        frames[new FrameNumber(1000)].Block = moved;
        Assert.True(index.TryFind(moved, Label(1000), out var found));
        Assert.Equal(1000, found.Value);
        Assert.False(index.TryFind(block, Label(1000), out _));
        index.Remove(found);
        Assert.False(index.TryFind(moved, Label(1000), out _));
        Assert.All(Enumerable.Range(0, 3000).Where(n => n != 1000), n => Assert.True(index.TryFind(block, Label(n), out var f) && f.Value == n));
    }

    // Copies, not clones: each has blocks of its own.
    private static Machine Equal(int pages, params string[] shared)
    {
        var machine = Made(CacheKeying.Content, pages);
        foreach (var path in (string[])["/b", "/c"])
        {
            using var copy = machine.Volume.Create(path);
            copy.Write(0, Bytes(pages));
        }

        foreach (var path in shared.Prepend("/a").Where(_ => shared.Length > 0))
        {
            machine.Volume.ShareContent(path);
        }

        machine.DropCaches();
        return machine;
    }

    private static long Mapped(Process process, string path, Machine machine)
    {
        using var file = machine.Volume.Open(path);
        var address = process.Memory.Map(file, 0, 4 * P, Protection.Read);
        process.Memory.Load(address, new byte[4 * P]);
        return address;
    }

    private static PageLabel Label(int n) => new(new InodeNumber(1 + (n % 3)), new PageIndex(n / 3));

    private static Machine Made(CacheKeying keying, int pages, FullPageStore? store = null)
    {
        var machine = new Machine(new MachineOptions { Memory = 64 * P, Keying = keying, PageStore = store });
        using var a = machine.Volume.Create("/a");
        a.Write(0, Bytes(pages));
        return machine;
    }

    // Page n is full of n + 1.
    private static byte[] Bytes(int pages) => [.. Enumerable.Range(0, pages * P).Select(i => (byte)((i / P) + 1))];

    private static byte[] Read(Machine machine, string path)
    {
        using var file = machine.Volume.Open(path);
        var bytes = new byte[file.Size];
        file.Read(0, bytes);
        return bytes;
    }

    private static void Fails(Action act) => Assert.Equal(Errno.ENOSPC, Assert.Throws<ReflinkException>(act).Error);
}
