using Reflink.Inodes;

namespace Reflink.Machines;

/// <summary>What snapshots call an inode (its paths, or what a nameless one is for), and its users.</summary>
internal sealed class SnapshotNames
{
    private readonly SortedDictionary<long, string> _names = [];
    private readonly SortedDictionary<long, (int Mappings, int Holds)> _uses = [];

    public SnapshotNames(Machine machine)
    {
        _names[machine.Volume.Root.Number.Value] = "/";
        Visit(machine, machine.Volume.Root, "");
        foreach (var (derived, root, _, _) in machine.Derived.All)
        {
            _names[derived.Number.Value] = $"[derived from {this[root] ?? $"inode {root}"}]";
            Hold(derived, mappings: 0, holds: 1);
        }

        foreach (var (snapshot, root, version, derived) in machine.Derived.Snapshots)
        {
            _names[snapshot.Number.Value] = $"[{this[root] ?? $"inode {root}"} as of version {version}]";
            Hold(snapshot, mappings: 0, holds: derived);
        }

        foreach (var link in machine.Uprobes.Links)
        {
            Hold(link.Inode, mappings: 0, holds: 1);
        }

        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                foreach (var uses in ((Inode?[])[vma.File, vma.Base, vma.Private]).OfType<Inode>().GroupBy(i => i))
                {
                    Hold(uses.Key, mappings: 1, uses.Count());
                }

                if ((vma.Private ?? vma.File) is { Type: InodeType.Private } memory)
                {
                    Use(memory, $"pid {process.Id}");
                }
            }
        }
    }

    /// <summary>The name; none if nothing leads to the inode any more but open files and mappings.</summary>
    public string? this[InodeNumber inode] => _names.GetValueOrDefault(inode.Value);

    /// <summary>How many mappings show or hold the inode.</summary>
    public long Mappings(Inode inode) => _uses.GetValueOrDefault(inode.Number.Value).Mappings;

    /// <summary>How many open files it has: the users that are neither mappings nor the registry of derived inodes.</summary>
    public long Opens(Inode inode) => inode.Users - _uses.GetValueOrDefault(inode.Number.Value).Holds;

    private void Hold(Inode inode, int mappings, int holds)
    {
        var uses = _uses.GetValueOrDefault(inode.Number.Value);
        _uses[inode.Number.Value] = (uses.Mappings + mappings, uses.Holds + holds);
    }

    private void Visit(Machine machine, Inode directory, string path)
    {
        foreach (var (name, number) in directory.Names!)
        {
            var inode = machine.Inodes[number];
            var link = inode.Target is { } target ? $" -> {target}" : "";
            _names[number.Value] = _names.TryGetValue(number.Value, out var other)
                ? $"{other}, {path}/{name}"
                : $"{path}/{name}{link}";
            if (inode.IsDirectory)
            {
                Visit(machine, inode, $"{path}/{name}");
            }
        }
    }

    // Parts of a split mapping share their private inode, and processes shared anonymous memory.
    private void Use(Inode memory, string user)
    {
        if (!_names.TryGetValue(memory.Number.Value, out var users))
        {
            _names[memory.Number.Value] = $"[{user}]";
        }
        else if (!$"{users[1..^1]}, ".Contains($"{user}, ", StringComparison.Ordinal))
        {
            _names[memory.Number.Value] = $"{users[..^1]}, {user}]";
        }
    }
}
