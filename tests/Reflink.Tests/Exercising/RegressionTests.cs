using Reflink.Ksm.Scanning;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <summary>Programs that failed once, as short as they got.</summary>
public sealed class RegressionTests
{
    [Fact]
    public void A_byte_shadowed_in_a_split_mapping_is_reported_once() => Play(WorldKind.All[0], world =>
    {
        world.Write(0, 0, 4 * Page.Size, 2);
        world.Map(2, 8, 3, 0, 0, shared: false, Protection.ReadWrite | Protection.Execute);
        world.Poke(2, 8, [(16, 2, 4)]);
        world.DebugWrite(2, 8, 0, 100, 1);
        world.Protect(2, 9, 1, Protection.ReadWrite);
        world.Revert(2, 8);
    });

    [Fact]
    public void A_hole_that_finds_no_room_for_its_second_edge_is_not_punched_at_all() => Play(new(16, 0, 5), world =>
    {
        world.Write(0, 0, 3 * Page.Size, 1);
        world.Clone(0, 1);
        world.Write(2, 0, Page.Size, 1);
        world.Punch(1, 100, 2 * Page.Size);
        world.ReadAll(1);
    });

    [Fact]
    public void A_file_is_not_cut_when_its_last_page_finds_no_room() => Play(new(16, 0, 3), world =>
    {
        world.Write(0, 0, 3 * Page.Size, 1);
        world.Clone(0, 1);
        world.Truncate(1, 5000);
        world.ReadAll(1);
    });

    [Fact]
    public void Zeroing_what_a_mapping_scribbled_is_counted_before_a_write_is_begun()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, VolumeCapacity = 3 << Page.Shift });
        using var file = machine.Volume.Create("/a");
        file.Write(0, new byte[100]);
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.Map(file, 0, Page.Size, Protection.ReadWrite, MappingKind.Shared);
        process.Memory.Store(address + 2000, [9]);
        machine.Volume.Clone("/a", "/b");
        using var copy = machine.Volume.Open("/b", OpenFlags.ReadWrite);
        var bytes = new byte[2 * Page.Size];
        bytes.AsSpan().Fill(7);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<ReflinkException>(() => copy.Write(2 * Page.Size, bytes)).Error);
        copy.Truncate(4 * Page.Size);
        Assert.Equal(2 * Page.Size, copy.Read(2 * Page.Size, bytes));
        Assert.All(bytes, b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void A_second_patch_derives_from_the_kept_snapshot_after_dedupe_moved_the_block(CacheKeying keying) => Play(WorldKind.All[0].KeyedBy(keying), world =>
    {
        world.Write(0, 0, 2 * Page.Size, 0);
        world.Write(1, 0, Page.Size, 0);
        world.Map(0, 0, 2, 0, 0, shared: false, Protection.ReadExecute);
        world.Poke(0, 0, [(8, 1, 2)]);
        world.Dedupe(1, 0, 1, 0, 0);
        world.Poke(0, 0, [(10, 1, 3)]);
        world.Load(0, 0);
    });

    public static TheoryData<string> Policies => [.. ReplacementPolicies.Names];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Reclaim_looks_at_every_frame_before_it_gives_up(string policy) => Play(new(16, 4, 1 << 20, Policy: policy), world =>
    {
        world.Write(2, 0, 1, 0);
        world.Write(2, 2 * Page.Size, 3 * Page.Size, 3);
        world.Write(1, 4 * Page.Size, Page.Size, 0);
        world.OpenPartition(0, exclusive: false, most: 3);
        world.MapAnonymous(0, 16, 6, shared: false, Protection.ReadWrite);
        world.MapAnonymous(1, 16, 6, shared: false, Protection.ReadWrite);
        world.MapAnonymous(0, 0, 6, shared: false, Protection.ReadWrite);
        world.Map(1, 0, 6, 2, 0, shared: false, Protection.ReadWrite);
        world.DebugWrite(0, 16, 1000, 1, 3);
        world.Write(0, 11792, 2 * Page.Size, 3);
        foreach (var slot in new[] { 3, 4, 16, 17, 18, 19 })
        {
            world.Store(1, slot, 0, Page.Size, 2);
        }

        world.Fork(1, 2);
        for (var slot = 0; slot < 4; slot++)
        {
            world.Store(0, slot, 0, Page.Size, 0);
        }

        world.Join(1, 0, World.Slots, 0, MergeFlags.Lazy);
    });

    private static void Play(WorldKind kind, Action<World> program)
    {
        using var world = new World(kind);
        program(world);
        Assert.Empty(Fsck.Check(world.Machine));
        world.Finish();
    }
}
