using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>Puts a machine's state into tables of counts, as short for a hundred thousand frames as for ten.</summary>
internal static class SummaryWriter
{
    public static Snapshot Take(Machine machine)
    {
        var counts = new MapCounts(machine.Processes, machine.Cache);
        var owners = new SnapshotOwners(machine);
        return new Snapshot(
        [
            SnapshotWriter.Memory(machine), SnapshotWriter.Blocks(machine), Inodes(machine), Extents(machine, owners), Frames(machine, counts, owners),
            Users(machine, new Smaps(machine.Cache, counts, machine.Space.IsMerged)), SnapshotWriter.Counters(machine),
        ]);
    }

    private static SnapshotTable Inodes(Machine machine) => SnapshotWriter.Table(
        "inodes by type", "type inodes size blocks extents",
        machine.Inodes.All.GroupBy(i => i.Type).OrderBy(g => g.Key).Select(g => new object?[]
        {
            SnapshotWriter.Name(g.Key), g.LongCount(), g.Sum(i => i.Size), g.Sum(i => i.Map.BlockCount), g.Sum(i => i.Map.ExtentCount),
        }));

    private static SnapshotTable Extents(Machine machine, SnapshotOwners owners)
    {
        var pieces =
            from inode in machine.Inodes.All
            from extent in SnapshotWriter.Extents(inode)
            from piece in owners.Split(extent.Block, extent.Length)
            select (Kind: extent.IsUnwritten ? "unwritten" : Kind(extent.Block), piece.Owners, State: SnapshotWriter.State(inode, extent.Start + piece.Skip), piece.Length);
        return SnapshotWriter.Table(
            "extents by kind and owners", "kind owners state extents pages",
            pieces.GroupBy(p => (p.Kind, p.Owners, p.State)).OrderBy(g => g.Key)
                .Select(g => new object?[] { g.Key.Kind, g.Key.Owners, g.Key.State, g.LongCount(), g.Sum(p => p.Length) }));
    }

    private static SnapshotTable Frames(Machine machine, MapCounts counts, SnapshotOwners owners)
    {
        var numbers = new SortedDictionary<(string Kind, long Owners, long Mapped, string State), long>();
        for (var n = 0; n < machine.Cache.HighWater; n++)
        {
            var frame = machine.Cache.Frames[new FrameNumber(n)];
            if (!frame.Block.IsZero)
            {
                var key = (Kind(frame.Block), owners[frame.Block], (long)counts[new FrameNumber(n)], SnapshotWriter.State(frame));
                numbers[key] = numbers.GetValueOrDefault(key) + 1;
            }
        }

        return SnapshotWriter.Table(
            "frames by kind, owners and mappings", "kind owners mapped state frames",
            numbers.Select(n => new object?[] { n.Key.Kind, n.Key.Owners, n.Key.Mapped, n.Key.State, n.Value }));
    }

    private static SnapshotTable Users(Machine machine, Smaps smaps) => SnapshotWriter.Table(
        "processes by user", "user processes maps rss pss uss private_dirty",
        machine.Processes.Alive.GroupBy(p => p.User).OrderBy(g => g.Key.Id).Select(g =>
        {
            var uses = g.Select(smaps.Of).ToList();
            return new object?[]
            {
                g.Key.Name, g.LongCount(), g.Sum(p => (long)p.Memory.Mappings.Count), uses.Sum(u => u.Rss),
                (long)decimal.Round(uses.Sum(u => u.Pss)), uses.Sum(u => u.Uss), uses.Sum(u => u.PrivateDirty),
            };
        }));

    private static string Kind(BlockNumber block) => SnapshotWriter.Name(block.Kind);
}
