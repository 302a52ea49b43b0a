using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>Puts a machine's state into tables. Nothing is printed in the order of a hash.</summary>
internal static class SnapshotWriter
{
    private static readonly PageRange Everything = new(default, long.MaxValue >> Page.Shift);

    public static Snapshot Take(Machine machine)
    {
        var counts = new MapCounts(machine.Processes, machine.Cache);
        var smaps = new Smaps(machine.Cache, counts);
        var paths = Paths(machine);
        return new Snapshot(
        [
            Memory(machine), Inodes(machine, paths), Extents(machine), Frames(machine, counts), Processes(machine, smaps),
            Mappings(machine, smaps, paths), Recipes(machine), Derived(machine), Counters(machine),
        ]);
    }

    private static SnapshotTable Memory(Machine machine)
    {
        var (used, swap) = machine.Cache.SwapPages;
        var (total, free) = machine.Volume.Blocks;
        return Table(
            "memory", "frames resident dirty peak evicted swapped swap stored anonymous derived volume free",
            [[
                (long)machine.Cache.Frames.Count, (long)machine.Cache.Resident, (long)machine.Cache.DirtyFrames,
                (long)machine.Cache.Peak, machine.Cache.Evictions, used, swap, machine.Space.Live(BlockKind.Stored),
                machine.Space.Live(BlockKind.Anonymous), machine.Space.Live(BlockKind.Derived), total, free,
            ]]);
    }

    private static SnapshotTable Inodes(Machine machine, Dictionary<InodeNumber, string> paths) => Table(
        "inodes", "inode type links users size blocks extents version path",
        machine.Inodes.All.Select(i => new object?[]
        {
            i.Number.Value, Name(i.Type), (long)i.Links, (long)i.Users, i.Size, i.Map.BlockCount, i.Map.ExtentCount, i.Version,
            paths.GetValueOrDefault(i.Number),
        }));

    private static SnapshotTable Extents(Machine machine)
    {
        var rows = new List<object?[]>();
        foreach (var inode in machine.Inodes.All)
        {
            foreach (var extent in inode.Map.Extents(Everything))
            {
                var owners = extent.Block.IsZero ? (object?)null : machine.Space.Owners(extent.Block);
                rows.Add([
                    inode.Number.Value, extent.Range.ToString(), Run(extent.Block, extent.Length), owners,
                    inode.Map.IsExclusive(extent.Start) ? "own" : "shared",
                ]);
            }
        }

        return Table("extents", "inode pages blocks owners state", rows);
    }

    // Neighbouring frames in the same state with consecutive blocks and labels are one row.
    private static SnapshotTable Frames(Machine machine, MapCounts counts)
    {
        var rows = new List<object?[]>();
        for (var first = 0; first < machine.Cache.HighWater;)
        {
            var frame = machine.Cache.Frames[new FrameNumber(first)];
            var length = 1;
            while (first + length < machine.Cache.HighWater && Continues(machine, counts, first, length))
            {
                length++;
            }

            if (!frame.Block.IsZero)
            {
                rows.Add([
                    length == 1 ? $"{first}" : $"{first}-{first + length - 1}", Run(frame.Block, length),
                    machine.Space.Owners(frame.Block), (long)counts[new FrameNumber(first)],
                    (frame.Flags & FrameFlags.Dirty) != 0 ? "dirty" : "clean", frame.Label.ToString(),
                ]);
            }

            first += length;
        }

        return Table("frames", "frame block owners mapped state label", rows);
    }

    private static bool Continues(Machine machine, MapCounts counts, int first, int length)
    {
        var (a, b) = (new FrameNumber(first), new FrameNumber(first + length));
        ref readonly var one = ref machine.Cache.Frames[a];
        ref readonly var other = ref machine.Cache.Frames[b];
        return other.Block == one.Block + length && other.Flags == one.Flags && counts[a] == counts[b]
            && other.Label == new PageLabel(one.Label.Inode, one.Label.Page + length)
            && machine.Space.Owners(one.Block) == machine.Space.Owners(other.Block);
    }

    private static SnapshotTable Processes(Machine machine, Smaps smaps) => Table(
        "processes", "pid ppid user name minflt majflt rss pss uss private_dirty maps",
        machine.Processes.Alive.Select(p =>
        {
            var use = smaps.Of(p);
            return new object?[]
            {
                (long)p.Id.Value, (long)p.Parent.Value, p.User.Name, p.Name, p.MinorFaults, p.MajorFaults,
                use.Rss, (long)decimal.Round(use.Pss), use.Uss, use.PrivateDirty, (long)p.Memory.Mappings.Count,
            };
        }));

    private static SnapshotTable Mappings(Machine machine, Smaps smaps, Dictionary<InodeNumber, string> paths)
    {
        var rows = new List<object?[]>();
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                var use = smaps.Of(process, vma);
                rows.Add([
                    (long)process.Id.Value, $"{vma.Start.Address:x}-{vma.End.Address:x}", Rights(vma), $"{vma.FilePage.Offset:x8}",
                    vma.File?.Number.Value, vma.Base == vma.File ? null : vma.Base?.Number.Value, vma.Private?.Number.Value,
                    use.Rss, use.PrivateDirty, vma.File is { } file ? paths.GetValueOrDefault(file.Number) : null,
                    vma.Attachment?.ToString(),
                ]);
            }
        }

        return Table("mappings", "pid address rights offset inode shows private rss private_dirty path patched", rows);
    }

    private static SnapshotTable Recipes(Machine machine) => Table(
        "recipes", "block domain owners recipe",
        machine.Space.Recipes().Select(d => new object?[]
        {
            d.Block.ToString(), (long)d.Domain, machine.Space.Owners(d.Block), d.Recipe.ToString(),
        }));

    private static SnapshotTable Derived(Machine machine) => Table(
        "derived", "inode root version pages users",
        machine.Derived.All.Select(d => new object?[]
        {
            d.Derived.Number.Value, d.Root.Value, d.Version, (long)d.Pages, (long)d.Derived.Users - 1,
        }));

    private static SnapshotTable Counters(Machine machine)
    {
        var rows = CostModel.Kinds.Select(k => new object?[] { Name(k), machine.Meter.Total(k) }).ToList();
        rows.Add(["registry_lookups", machine.Derived.Uses.Lookups]);
        rows.Add(["registry_hits", machine.Derived.Uses.Hits]);
        rows.Add(["clock_ns", machine.Clock.Now]);
        return Table("counters", "counter value", rows.Where(r => r[1] is not 0L));
    }

    private static Dictionary<InodeNumber, string> Paths(Machine machine)
    {
        var paths = new Dictionary<InodeNumber, string>();
        Visit(machine.Volume.Root, "");
        paths[machine.Volume.Root.Number] = "/";
        return paths;

        void Visit(Inode directory, string path)
        {
            foreach (var (name, number) in directory.Names!)
            {
                paths.TryAdd(number, $"{path}/{name}");
                if (machine.Inodes[number] is { IsDirectory: true } child)
                {
                    Visit(child, $"{path}/{name}");
                }
            }
        }
    }

    private static SnapshotTable Table(string name, string columns, IEnumerable<object?[]> rows) =>
        new(name, columns.Split(' '), [.. rows]);

    private static string Run(BlockNumber block, long length) => length == 1 || block.IsZero ? $"{block}" : $"{block}-{block + (length - 1)}";

    private static string Rights(Vma vma) => string.Concat(
        vma.Protection.HasFlag(Protection.Read) ? "r" : "-",
        vma.Protection.HasFlag(Protection.Write) ? "w" : "-",
        vma.Protection.HasFlag(Protection.Execute) ? "x" : "-",
        vma.IsShared ? "s" : "p");

    // MinorFault -> minor_fault
    private static string Name<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) =>
            char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
