using System.Globalization;
using System.Runtime.InteropServices;
using Reflink.Cache;
using Reflink.Files;
using Reflink.Inodes;
using Reflink.Tests.Files;
using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Machines;

public sealed partial class MachineTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void Memory_is_reserved_and_not_taken()
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        using var machine = new Machine(new MachineOptions { Memory = 64 * GiB });
        Use(machine);

        Assert.Equal(16 << 20, machine.Cache.Frames.Count);
        Assert.Equal(10 << 8, machine.Cache.Resident);
        Assert.InRange(ResidentOfFrames(machine), 10L << 20, 60L << 20);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 60L << 20);
    }

    [Theory]
    [InlineData(16 * Page.Size, 0, 0, null)]
    [InlineData((16 * Page.Size) - 1, 0, 0, Errno.EINVAL)]
    [InlineData((128 * GiB) - Page.Size, 0, 0, null)]
    [InlineData(128 * GiB, 0, 0, Errno.EINVAL)]
    [InlineData(long.MaxValue, 0, 0, Errno.EINVAL)]
    [InlineData(-1, 0, 0, Errno.EINVAL)]
    [InlineData(GiB, -1, 0, Errno.EINVAL)]
    [InlineData(GiB, 0, -1, Errno.EINVAL)]
    public void Sizes_are_checked(long memory, long swap, long capacity, Errno? error) => Assert.Equal(error, Errors.Of(() =>
        new Machine(new MachineOptions { Memory = memory, Swap = swap, VolumeCapacity = capacity }).Dispose()));

    [Fact]
    public void Waiting_moves_the_clock_by_just_that_and_only_forward()
    {
        using var machine = new Machine();
        var before = machine.Clock.Now;
        machine.Wait(TimeSpan.FromMicroseconds(1.5));

        Assert.Equal(1500, machine.Clock.Now - before);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => machine.Wait(TimeSpan.FromTicks(-1))));
    }

    [Fact]
    public void The_same_operations_give_the_same_bytes_in_any_culture()
    {
        var here = Lived();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Test hosts may have no culture but the invariant one, so a strange one is made of it.
            var strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (strange.NumberFormat.NegativeSign, strange.NumberFormat.NumberDecimalSeparator) = ("minus", ",");
            strange.NumberFormat.DigitSubstitution = DigitShapes.NativeNational;
            CultureInfo.CurrentCulture = strange;
            Assert.Equal("minus1", (-1).ToString(CultureInfo.CurrentCulture));
            Assert.Equal(here, Lived());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_machine_may_be_switched_off_twice()
    {
        var machine = new Machine();
        machine.Dispose();
        machine.Dispose();

        Assert.Throws<ObjectDisposedException>(machine.Snapshot);
        Assert.Throws<ObjectDisposedException>(machine.Smaps);
        Assert.Throws<ObjectDisposedException>(() => machine.DropCaches());
    }

    [Fact]
    public void What_was_kept_of_a_machine_that_is_off_throws_and_does_not_crash()
    {
        var machine = new Machine();
        var file = machine.Volume.Create("/f");
        file.Write(0, Tale.Letters(100));
        var process = machine.Processes.Spawn(machine.Processes.User(0), "app");
        var address = process.Memory.Map(file, 0, 100 * Page.Size, Protection.Read);
        Tale.Touch(process, address, 100);
        var nameless = machine.Volume.OpenTemporary();
        var (volume, processes) = (machine.Volume, machine.Processes);
        machine.Dispose();

        Action[] uses =
        [
            () => process.Memory.Load(address + (99 * Page.Size), new byte[1]), () => process.Memory.Load<byte>(address), () => process.Memory.Store(address, [1]),
            () => process.Memory.Map(file, 0, Page.Size, Protection.Read), () => process.Memory.MapAnonymous(Page.Size, Protection.Read), () => process.Memory.Unmap(address, Page.Size),
            () => process.Fork(), () => process.Exit(), () => processes.Spawn(processes.User(0), "late"), () => processes.AddUser("late"),
            () => file.Read(0, new byte[1]), () => file.Write(0, [1]), () => file.Append([1]), () => file.Truncate(0), () => file.Truncate(1 << 20), () => file.PunchHole(0, Page.Size),
            () => file.Fallocate(FallocateMode.Allocate, 0, 1 << 20), () => file.Evict(0, 0), () => file.Sync(),
            () => volume.Create("/late"), () => volume.Open("/f"), () => volume.OpenTemporary(), () => volume.Stat("/"), () => volume.List("/"), () => volume.Extents("/f"),
            () => volume.Unlink("/f"), () => volume.Rename("/f", "/g"), () => volume.Clone("/f", "/g"), () => volume.Clone(file, nameless), () => volume.Dedupe(file, 0, Page.Size, file, Page.Size),
            () => volume.CopyRange(file, 0, nameless, 0, 1), () => volume.SetMode("/f", 0), () => volume.Sync(),
            () => machine.Cache.Reclaimer.DropClean(), () => machine.Wait(TimeSpan.Zero), machine.Settle, () => machine.Control["/sys/kernel/mm/ksm/run"] = "1",
        ];
        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
        nameless.Dispose();
        file.Dispose();
    }

    private static void Use(Machine machine)
    {
        using var file = machine.Volume.Create("/f");
        var chunk = new byte[1 << 20];
        for (var i = 0; i < 10; i++)
        {
            file.Append(chunk);
        }
    }

    private static string Lived()
    {
        using var tale = new Tale([], memory: 16 << Page.Shift, swap: 32 << Page.Shift);
        tale.File("/i", 20).Dispose();
        var (process, address) = tale.Mapped("/i", Protection.ReadExecute);
        tale.Machine.TextPoke.Apply(process, address, Tale.Breakpoints(16));
        Tale.Touch(process, address, 20);
        process.Memory.Store(process.Memory.MapAnonymous(12 << Page.Shift, Protection.ReadWrite), Tale.Letters(12));
        process.Fork().Memory.DebugWrite(address, [1]);
        Fsck.Require(tale.Machine);
        return tale.Machine.Snapshot() + tale.Machine.Snapshot().ToJson();
    }

    // Asked of the frames' own addresses: /proc/self/smaps joins neighbouring mappings, those of other tests' machines among them.
    private static unsafe long ResidentOfFrames(Machine machine)
    {
        var pages = new byte[machine.Cache.Frames.Count];
        fixed (byte* frames = machine.Cache.Frames.Bytes(new FrameNumber(0)))
        {
            Assert.Equal(0, ResidentPages(frames, (nuint)pages.LongLength << Page.Shift, pages));
        }

        return pages.LongCount(page => (page & 1) != 0) << Page.Shift;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static unsafe partial int ResidentPages(byte* address, nuint length, byte[] pages);

    [Fact]
    public void Fsck_sees_lost_pages_and_kept_ones_wrong_links_and_leftover_inodes()
    {
        using var store = new DictionaryPageStore();
        using var machine = new Machine(new MachineOptions { PageStore = store });
        machine.Volume.MakeDirectory("/d");
        using (var file = machine.Volume.Create("/d/f"))
        {
            file.Write(0, new byte[Page.Size]);
        }

        machine.DropCaches();
        Assert.Empty(Fsck.Check(machine));

        var block = machine.Volume.Extents("/d/f")[0].Block;
        store.Delete(block);
        Assert.Equal([$"the bytes of {block} are not in memory and not in the store"], Fsck.Check(machine));
        store.Write(block, new byte[Page.Size]);
        store.Write(block + 7, new byte[Page.Size]);
        Assert.Equal(["the store holds 2 pages, 1 of them of live blocks; 0 are swapped out, 0 counted"], Fsck.Check(machine));
        store.Delete(block + 7);

        var inode = machine.Volume.Find("/d/f");
        inode.Links++;
        Assert.Equal([$"'/d/f' ({inode}) has 1 links, 2 are counted"], Fsck.Check(machine));
        inode.Links--;

        machine.Inodes.Apply(Change.Unlink(machine.Volume.Find("/d").Number, "f"));
        Assert.Equal([$"{inode} is still there, though nobody names or uses it"], Fsck.Check(machine));
    }
}
