using Reflink.Inodes;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>What a snapshot is about: everything, or some inodes and processes with the blocks that they reach.</summary>
internal sealed class SnapshotScope
{
    private readonly HashSet<long>? _inodes;
    private readonly HashSet<int> _processes = [];

    // Runs of blocks that the inodes hold, in order and apart from each other.
    private readonly List<(long First, long End)> _blocks = [];

    private SnapshotScope(IEnumerable<Inode>? inodes, IEnumerable<Process> processes)
    {
        if (inodes is null)
        {
            return;
        }

        var all = inodes.Distinct().ToList();
        _inodes = [.. all.Select(i => i.Number.Value)];
        _processes = [.. processes.Select(p => p.Id.Value)];
        foreach (var extent in all.SelectMany(SnapshotWriter.Extents).Where(e => !e.Block.IsZero).OrderBy(e => e.Block.Value))
        {
            var (first, end) = (extent.Block.Value, extent.Block.Value + extent.Length);
            if (_blocks is [.., var last] && first <= last.End)
            {
                _blocks[^1] = (last.First, Math.Max(last.End, end));
            }
            else
            {
                _blocks.Add((first, end));
            }
        }
    }

    /// <summary>The whole machine.</summary>
    public static SnapshotScope Everything { get; } = new(null, []);

    /// <summary>Whether it is the whole machine.</summary>
    public bool IsEverything => _inodes is null;

    /// <summary>Some files, what is derived from them for patching, and the processes that map them.</summary>
    public static SnapshotScope Of(Machine machine, IReadOnlyCollection<Inode> files)
    {
        var derived = machine.Derived.All.Where(d => files.Any(f => f.Number == d.Root)).Select(d => d.Derived);
        var processes = machine.Processes.Alive.Where(p => p.Memory.Mappings.Any(v => files.Any(f => v.File == f)));
        return new(files.Concat(derived), processes);
    }

    /// <summary>A process: the files that it maps, what its mappings show instead of them, and its private memory.</summary>
    public static SnapshotScope Of(Process process) =>
        new(process.Memory.Mappings.SelectMany(v => (Inode?[])[v.File, v.Base, v.Private]).OfType<Inode>(), [process]);

    /// <summary>Whether an inode belongs to it.</summary>
    public bool Has(Inode inode) => Has(inode.Number);

    /// <summary>Whether an inode belongs to it.</summary>
    public bool Has(InodeNumber inode) => _inodes is null || _inodes.Contains(inode.Value);

    /// <summary>Whether a process belongs to it.</summary>
    public bool Has(Process process) => _inodes is null || _processes.Contains(process.Id.Value);

    /// <summary>Whether a mapping belongs to it: of all mappings of its processes those that show one of its inodes.</summary>
    public bool Has(Process process, Vma mapping) => _inodes is null
        || (Has(process) && ((Inode?[])[mapping.File, mapping.Base, mapping.Private]).Any(i => i is not null && Has(i)));

    /// <summary>Whether one of its inodes holds a block.</summary>
    public bool Has(BlockNumber block)
    {
        if (_inodes is null)
        {
            return true;
        }

        var at = _blocks.BinarySearch((block.Value, long.MaxValue));
        return (at < 0 ? ~at - 1 : at) is var run and >= 0 && block.Value < _blocks[run].End;
    }
}
