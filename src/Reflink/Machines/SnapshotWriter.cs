using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>Puts a machine's state into tables. Nothing is printed in the order of a hash.</summary>
internal static class SnapshotWriter
{
    public static Snapshot Take(Machine machine, SnapshotScope scope)
    {
        var counts = new MapCounts(machine.Processes, machine.Cache);
        var smaps = new Smaps(machine.Cache, counts, machine.Space.IsMerged);
        var names = new SnapshotNames(machine);
        var owners = new SnapshotOwners(machine);
        SnapshotTable[] some =
        [
            Inodes(machine, scope, names), Extents(machine, scope, owners), Frames(machine, scope, counts, owners),
            Processes(machine, scope, smaps), Mappings(machine, scope, smaps, names), Recipes(machine, scope, owners), Derived(machine, scope),
        ];
        return new Snapshot(!scope.IsEverything ? some :
        [
            Memory(machine), Blocks(machine), .. some,
            Table("overlays", SnapshotScopes.OverlayColumns, SnapshotScopes.Overlays(machine)),
            Table("uprobes", SnapshotScopes.UprobeColumns, SnapshotScopes.Uprobes(machine)), Counters(machine),
        ]);
    }

    /// <summary>All extents of an inode.</summary>
    public static IEnumerable<Extent> Extents(Inode inode)
    {
        foreach (var extent in inode.Map.Extents(PageRange.All))
        {
            yield return extent;
        }
    }

    /// <summary>How much memory there is, and what it was used for.</summary>
    public static SnapshotTable Memory(Machine machine)
    {
        var (used, swap) = machine.Cache.SwapPages;
        return Table(
            "memory", "frames resident dirty peak evicted swap_used swap_total",
            [[
                (long)machine.Cache.Frames.Count, (long)machine.Cache.Resident, (long)machine.Cache.DirtyFrames,
                (long)machine.Cache.Peak, machine.Cache.Evictions, used, swap,
            ]]);
    }

    /// <summary>How many blocks of each kind are alive.</summary>
    public static SnapshotTable Blocks(Machine machine)
    {
        var (total, free) = machine.Volume.Blocks;
        return Table(
            "blocks", "stored anonymous derived volume_total volume_free",
            [[
                machine.Space.Live(BlockKind.Stored), machine.Space.Live(BlockKind.Anonymous), machine.Space.Live(BlockKind.Derived),
                total, free,
            ]]);
    }

    private static SnapshotTable Inodes(Machine machine, SnapshotScope scope, SnapshotNames names) => Table(
        "inodes", "inode type mode links open mapped size blocks extents version name",
        machine.Inodes.All.Where(scope.Has).Select(i => new object?[]
        {
            i.Number.Value, Name(i.Type), i.Type is InodeType.Private or InodeType.Derived ? null : Convert.ToString((int)i.Mode, 8),
            (long)i.Links, names.Opens(i), names.Mappings(i), i.Size, i.Map.BlockCount, i.Map.ExtentCount, i.Version, names[i.Number] ?? "[deleted]",
        }));

    private static SnapshotTable Extents(Machine machine, SnapshotScope scope, SnapshotOwners owners)
    {
        var rows = new List<object?[]>();
        foreach (var inode in machine.Inodes.All.Where(scope.Has))
        {
            foreach (var extent in Extents(inode))
            {
                foreach (var (skip, length, count) in owners.Split(extent.Block, extent.Length))
                {
                    rows.Add([
                        inode.Number.Value, Pages(new PageRange(extent.Start + skip, length)), Run(extent.Block + skip, length),
                        count, State(inode, extent.Start + skip),
                    ]);
                }
            }
        }

        return Table("extents", "inode pages blocks owners state", rows);
    }

    /// <summary>What a write to a page does.</summary>
    public static string State(Inode inode, PageIndex page) =>
        inode.Type == InodeType.Derived ? "never written" : inode.Map.IsExclusive(page) ? "writes in place" : "copies on write";

    /// <summary>What becomes of a frame's bytes if it leaves memory now: they are written, lost, or somewhere else already.</summary>
    public static string State(in Frame frame) =>
        (frame.Flags & FrameFlags.Dirty) != 0 ? "dirty" : (frame.Flags & FrameFlags.LazyFree) != 0 ? "lazyfree" : "clean";

    // Neighbouring frames in the same state with consecutive blocks and labels are one row. Where all frames are found by block
    // the last column tells whom they were filled for; otherwise by what they are found.
    private static SnapshotTable Frames(Machine machine, SnapshotScope scope, MapCounts counts, SnapshotOwners owners)
    {
        var byBlock = !machine.Cache.HasPageKeys;
        var rows = new List<object?[]>();
        for (var first = 0; first < machine.Cache.HighWater;)
        {
            var frame = machine.Cache.Frames[new FrameNumber(first)];
            var label = machine.Cache.Frames.Label(new FrameNumber(first));
            var length = 1;
            while (first + length < machine.Cache.HighWater && Continues(machine, scope, counts, owners, first, length))
            {
                length++;
            }

            if (!frame.Block.IsZero && scope.Has(frame.Block))
            {
                rows.Add([
                    length == 1 ? $"{first}" : $"{first}-{first + length - 1}", Run(frame.Block, length),
                    owners[frame.Block], (long)counts[new FrameNumber(first)],
                    State(frame),
                    byBlock || machine.Cache.Contents.IsByPage(frame.Block) ? $"inode {label.Inode}, page {Number(label.Page)}" : "its block",
                ]);
            }

            first += length;
        }

        return Table("frames", $"frame block owners mapped state {(byBlock ? "first_used_for" : "found_by")}", rows);
    }

    private static bool Continues(Machine machine, SnapshotScope scope, MapCounts counts, SnapshotOwners owners, int first, int length)
    {
        var (a, b) = (new FrameNumber(first), new FrameNumber(first + length));
        ref readonly var one = ref machine.Cache.Frames[a];
        ref readonly var other = ref machine.Cache.Frames[b];
        var label = machine.Cache.Frames.Label(a);
        return other.Block == one.Block + length && other.Flags == one.Flags && counts[a] == counts[b]
            && machine.Cache.Frames.Label(b) == label with { Page = label.Page + length } && owners[one.Block] == owners[other.Block]
            && scope.Has(one.Block) == scope.Has(other.Block);
    }

    private static SnapshotTable Processes(Machine machine, SnapshotScope scope, Smaps smaps) => Table(
        "processes", "pid ppid user name minflt majflt rss pss uss private_dirty maps",
        machine.Processes.Alive.Where(scope.Has).Select(p =>
        {
            var use = smaps.Of(p);
            return new object?[]
            {
                (long)p.Id.Value, (long)p.Parent.Value, p.User.Name, p.Name, p.MinorFaults, p.MajorFaults,
                use.Rss, (long)decimal.Round(use.Pss), use.Uss, use.PrivateDirty, (long)p.Memory.Mappings.Count,
            };
        }));

    private static SnapshotTable Mappings(Machine machine, SnapshotScope scope, Smaps smaps, SnapshotNames names)
    {
        var rows = new List<object?[]>();
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings.Where(v => scope.Has(process, v)))
            {
                var use = smaps.Of(process, vma);
                rows.Add([
                    (long)process.Id.Value, $"{vma.Start.Address:x}-{vma.End.Address:x}", Rights(vma), Pages(vma.FileRange),
                    vma.File?.Number.Value, vma.Base == vma.File ? null : vma.Base?.Number.Value, vma.Private?.Number.Value,
                    use.Rss, use.PrivateDirty, MappedName(vma, names), vma.Levels?.ToString(),
                ]);
            }
        }

        return Table("mappings", "pid address perms pages inode shows private rss private_dirty name patched", rows);
    }

    private static string MappedName(Vma vma, SnapshotNames names) => vma.File switch
    {
        null => "[anonymous]",
        { Type: InodeType.Private } => "[shared anonymous]",
        var file => names[file.Number] ?? "[deleted]",
    };

    private static SnapshotTable Recipes(Machine machine, SnapshotScope scope, SnapshotOwners owners) => Table(
        "recipes", "block domain owners recipe",
        machine.Space.Recipes().Where(d => scope.Has(d.Block)).Select(d => new object?[]
        {
            d.Block.ToString(), (long)d.Domain, owners[d.Block], d.Recipe.ToString(),
        }));

    private static SnapshotTable Derived(Machine machine, SnapshotScope scope) => Table(
        "derived", "inode root version snapshot pages mappings",
        machine.Derived.All.Where(d => scope.Has(d.Derived)).Select(d => new object?[]
        {
            d.Derived.Number.Value, d.Root.Value, d.Version,
            machine.Derived.Snapshots.First(s => (s.Root, s.Version) == (d.Root, d.Version)).Snapshot.Number.Value,
            (long)d.Pages, (long)d.Derived.Users - 1,
        }));

    /// <summary>What was counted. The count of metadata changes depends on how changes are batched, so it is not part of a snapshot.</summary>
    public static SnapshotTable Counters(Machine machine)
    {
        var rows = CostModel.Kinds.Where(k => k != WorkKind.MetadataChanged).Select(k => new object?[] { Name(k), machine.Meter.Total(k) }).ToList();
        rows.Add(["registry_lookups", machine.Derived.Lookups.Count]);
        rows.Add(["registry_hits", machine.Derived.Lookups.Hits]);
        rows.Add(["overlays_misfit", machine.Overlays.Misfits]);
        rows.Add(["uprobes_missed", machine.Uprobes.Missed]);
        rows.Add(["clock_ns", machine.Clock.Now]);
        return Table("counters", "counter value", rows.Where(r => r[1] is not 0L));
    }

    /// <summary>A table whose columns are given as words.</summary>
    public static SnapshotTable Table(string name, string columns, IEnumerable<object?[]> rows) =>
        new(name, columns.Split(' '), [.. rows]);

    private static string Run(BlockNumber block, long length) => length == 1 || block.IsZero ? $"{block}" : $"{block}-{block + (length - 1)}";

    private static string Pages(PageRange range) => $"[{Number(range.Start)},{Number(range.End)})";

    // Pages of anonymous memory bear the numbers of the addresses where they were first mapped.
    private static string Number(PageIndex page) => page.Value < 1L << 32 ? page.ToString() : $"0x{page.Value:x}";

    private static string Rights(Vma vma) => string.Concat(
        vma.Protection.HasFlag(Protection.Read) ? "r" : "-",
        vma.Protection.HasFlag(Protection.Write) ? "w" : "-",
        vma.Protection.HasFlag(Protection.Execute) ? "x" : "-",
        vma.IsShared ? "s" : "p");

    /// <summary>MinorFault is called minor_fault.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => string.Concat(value.ToString().Select((c, i) =>
            char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
