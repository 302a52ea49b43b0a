using CsCheck;
using Reflink.Tests.Store;
using Reflink.Tests.Stories;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Files;

public sealed class SpaceTests
{
    private const int P = Page.Size;

    [Fact]
    public void A_full_volume_refuses_without_a_trace_and_still_overwrites()
    {
        using var machine = new Machine(new MachineOptions { VolumeCapacity = 4 * P });
        using var a = machine.Volume.Create("/a");
        a.Write(0, Tale.Letters(3));
        machine.Volume.Clone("/a", "/b");
        using var b = machine.Volume.Open("/b", OpenFlags.ReadWrite);
        b.Write(0, "b"u8);
        var before = machine.Snapshot().ToString();

        Assert.Equal(Errno.ENOSPC, Errors.Of(() => b.Write(P, "shared"u8)));
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => a.Append("more"u8)));
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => a.Write(0, Tale.Letters(3))));
        Assert.Equal(Errno.ENOSPC, Errors.Of(() => b.Truncate(P + 1)));
        Assert.Equal(before, machine.Snapshot().ToString());
        b.Write(0, "own"u8);
        machine.Volume.Clone("/b", "/c");
        machine.Volume.Unlink("/c");
        a.Truncate(0);
        b.Write(P, "mine now"u8);
        Assert.Empty(Fsck.Check(machine));
    }

    [Fact]
    public void Derived_inodes_that_nobody_uses_give_their_blocks_to_a_write()
    {
        using var tale = new Tale(Tale.Files);
        using var file = tale.File("/lib", 200);
        var (process, address) = tale.Mapped("/lib", Protection.ReadExecute);
        tale.Machine.TextPoke.Apply(process, address, Tale.Breakpoints(16));
        process.Exit();
        Assert.Equal(200, file.Write(0, new byte[200]));
        Assert.Single(tale.Machine.Derived.All);

        file.Truncate(0);
        file.Write(0, Tale.Letters(26));
        Assert.Equal(256 - 226, tale.Machine.Volume.Blocks.Free);
        file.Write(0, new byte[100 * P]);
        Assert.Empty(tale.Machine.Derived.All);
        Assert.Empty(Fsck.Check(tale.Machine));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_volume_still_overwrites_what_only_an_unused_derived_inode_shares(bool mapped)
    {
        using var machine = new Machine(new MachineOptions { VolumeCapacity = 2 * P });
        using var file = machine.Volume.Create("/lib");
        file.Write(0, Tale.Text(2 * P));
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var text = process.Memory.Map(file, 0, 2 * P, Protection.ReadExecute);
        var data = process.Memory.Map(file, 0, 2 * P, Protection.ReadWrite, MappingKind.Shared);
        machine.TextPoke.Apply(process, text, Tale.Breakpoints(16));
        machine.TextPoke.Revert(process, text, Tale.Breakpoints(16));

        if (mapped)
        {
            process.Memory.Store(data, "x"u8);
        }
        else
        {
            file.Write(0, "x"u8);
        }

        Assert.Empty(machine.Derived.All);
        Assert.Equal(0, machine.Volume.Blocks.Free);
        Fsck.Require(machine);
    }

    [Fact]
    public void A_write_is_short_when_neither_memory_nor_the_store_has_room()
    {
        using var machine = new Machine(new MachineOptions
        {
            Memory = 16 * P, PageStore = new FullPageStore(new DictionaryPageStore(), room: 4),
        });
        using (var file = machine.Volume.Create("/f"))
        {
            Assert.Equal(20 * P, file.Write(0, new byte[40 * P]));
            Assert.Equal(20 * P, file.Size);
            Assert.Equal(Errno.ENOSPC, Errors.Of(() => file.Append(new byte[P])));
            Fsck.Require(machine);
            machine.Volume.Unlink("/f");
        }

        using var next = machine.Volume.Create("/g");
        Assert.Equal(18 * P, next.Write(0, new byte[18 * P]));
        Fsck.Require(machine);
    }

    [Fact]
    public void Clones_of_clones_deleted_in_any_order_free_everything() => Gen.Shuffle(Enumerable.Range(0, 7).ToArray()).Sample(
        order =>
        {
            using var machine = new Machine(new MachineOptions { VolumeCapacity = 64 * P });
            using (var root = machine.Volume.Create("/0"))
            {
                root.Write(0, Tale.Letters(4));
            }

            for (var i = 1; i < order.Length; i++)
            {
                machine.Volume.Clone($"/{(i - 1) / 2}", $"/{i}");
                using var file = machine.Volume.Open($"/{i}", OpenFlags.ReadWrite);
                file.Write(i % 4 * P, "mine"u8);
            }

            foreach (var i in order)
            {
                machine.Volume.Unlink($"/{i}");
                Fsck.Require(machine);
            }

            Assert.Equal((64L, 0), (machine.Volume.Blocks.Free, machine.Cache.Resident));
        },
        iter: 40, threads: 1);
}
