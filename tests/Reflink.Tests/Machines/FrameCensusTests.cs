using Reflink.Machines;
using Reflink.Units;

namespace Reflink.Tests.Machines;

public sealed class FrameCensusTests
{
    [Fact]
    public void Frames_are_counted_with_those_who_map_them()
    {
        using var machine = new Machine();
        using var file = machine.Volume.Create("/file");
        file.Write(0, new byte[3 * Page.Size]);
        file.Write(0, [1, 2, 3]);
        machine.DropCaches();
        var one = machine.Processes.Spawn(machine.Processes.User(0), "one");
        var other = machine.Processes.Spawn(machine.Processes.User(0), "other");
        var address = one.Memory.Map(file, 0, 3 * Page.Size, Protection.ReadWrite);
        var there = other.Memory.Map(file, 0, 3 * Page.Size, Protection.Read);
        one.Memory.Load(address, new byte[2 * Page.Size]);
        other.Memory.Load(there, new byte[Page.Size]);
        one.Memory.Store(address + Page.Size, [9]);

        var census = new FrameCensus(machine);
        var uses = census.Frames.OrderByDescending(f => f.Mappers).ToList();
        Assert.Equal(
            [(BlockKind.Stored, false, 2, true), (BlockKind.Anonymous, true, 1, true), (BlockKind.Stored, false, 0, false)],
            uses.Select(f => (f.Block.Kind, f.IsDirty, f.Mappers, f.IsHeld)));
        Assert.Equal(machine.Cache.Resident, uses.Count);
        Assert.Equal([(file.Inode.Number, 0L), (file.Inode.Number, 1L)], uses.Where(f => f.Block.Kind == BlockKind.Stored).Select(f => (f.Label.Inode, f.Label.Page.Value)));
        Assert.Equal(census.Frames.Select(f => f.Frame).Order(), census.Frames.Select(f => f.Frame));
        var first = VirtualPage.Of(address);
        Assert.Equal([(first, uses[0].Frame), (first + 1, uses[1].Frame)], census.Pages(one, one.Memory.Mappings[0]));
        Assert.Equal(Page.Size, census.Smaps.Of(one).PrivateDirty);
    }
}
