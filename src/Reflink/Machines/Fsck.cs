using Reflink.Cache;
using Reflink.Inodes;
using Reflink.Machines;
using Reflink.Vm;

namespace Reflink;

/// <summary>
/// Checks a machine against its own rules: owners counted from the maps are the counts, every frame's block is alive, every
/// block's bytes are in memory or in the store, names and links agree, mappings show what the levels over their files say, every usable
/// page-table entry agrees with the maps, and none may be stored through to a block that others have too.
/// </summary>
public static class Fsck
{
    /// <summary>Every broken rule, one finding each; none in a machine that is right.</summary>
    public static IReadOnlyList<string> Check(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var findings = new List<string>();
        findings.AddRange(machine.Space.Check());
        findings.AddRange(ExtentAudit.Check(machine.Space, machine.Inodes.All.Select(i => i.Map), machine.Reaper));
        findings.AddRange(FrameAudit.Check(machine));
        findings.AddRange(CounterAudit.Check(machine));
        findings.AddRange(CheckNames(machine));
        findings.AddRange(CheckUsers(machine));
        findings.AddRange(new LevelAudit(machine).Check());
        findings.AddRange(MergeAudit.Check(machine));
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                findings.AddRange(CheckEntries(machine, process, vma));
            }
        }

        return findings;
    }

    /// <summary>
    /// Reads every page of every file from the store; those that are lost or damaged, one finding each, with all files that have the page. Nothing is
    /// brought into memory.
    /// </summary>
    public static IReadOnlyList<string> CheckPages(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var (page, seen, damaged) = (new byte[Page.Size], new HashSet<BlockNumber>(), new SortedDictionary<BlockNumber, (string Finding, PageLabel Label)>());
        foreach (var (block, label) in StoredPages(machine))
        {
            if (!seen.Add(block) || (machine.Cache.TryPeek(block, label, out var frame) && (machine.Cache.Frames[frame].Flags & FrameFlags.Dirty) != 0))
            {
                continue;
            }

            try
            {
                machine.Stored.Read(block, page, label);
            }
            catch (ReflinkException e) when (e.Error == Errno.EIO)
            {
                damaged.Add(block, (e.Message, label));
            }
        }

        return [.. damaged.Values.Select(d => d.Finding).Zip(Others(machine, damaged), (finding, others) => finding + others)];
    }

    private static IEnumerable<(BlockNumber Block, PageLabel Label)> StoredPages(Machine machine)
    {
        foreach (var inode in machine.Inodes.All)
        {
            foreach (var extent in inode.Map.Extents(PageRange.All))
            {
                for (var n = 0L; n < extent.Length && !extent.Block.IsZero && extent.Block.Kind == BlockKind.Stored; n++)
                {
                    yield return (extent.Block + n, new PageLabel(inode.Number, extent.Start + n));
                }
            }
        }
    }

    // A damaged page is damaged in every clone.
    private static IEnumerable<string> Others(Machine machine, SortedDictionary<BlockNumber, (string Finding, PageLabel Label)> damaged)
    {
        var others = damaged.Keys.ToDictionary(b => b, _ => new List<string>());
        foreach (var (block, label) in damaged.Count == 0 ? [] : StoredPages(machine))
        {
            if (damaged.TryGetValue(block, out var found) && found.Label != label)
            {
                others[block].Add($"; so is page {label.Page} of {InodePaths.Describe(machine.Inodes, label.Inode)}");
            }
        }

        return damaged.Keys.Select(b => string.Concat(others[b]));
    }

    private static string Name(Machine machine, Inode inode) => InodePaths.Describe(machine.Inodes, inode.Number);

    /// <summary>Throws if anything is wrong: the strict mode of tests and experiments.</summary>
    /// <exception cref="InvariantException">With every finding.</exception>
    /// <example><code>
    /// Fsck.Require(machine);    // throws and names what is wrong
    /// </code></example>
    public static void Require(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var findings = Check(machine);
        if (findings.Count > 0)
        {
            Invariant.Broken(string.Join("\n", findings));
        }
    }

    // A directory's "." and its children's ".." are links too, and the root's ".." leads to itself.
    private static IEnumerable<string> CheckNames(Machine machine)
    {
        var links = machine.Inodes.All.ToDictionary(i => i.Number, i => !i.IsDirectory ? 0 : i == machine.Volume.Root ? 2 : 1);
        foreach (var directory in machine.Inodes.All.Where(i => i.IsDirectory))
        {
            foreach (var (name, number) in directory.Names!)
            {
                if (!machine.Inodes.TryFind(number, out var inode))
                {
                    yield return $"'{name}' in {Name(machine, directory)} leads to inode {number}, which is gone";
                    continue;
                }

                links[number]++;
                links[directory.Number] += inode.IsDirectory ? 1 : 0;
                if (inode.IsDirectory && inode.Parent != directory.Number)
                {
                    yield return $"'{name}' in {Name(machine, directory)} has inode {inode.Parent} for a parent";
                }
            }
        }

        foreach (var inode in machine.Inodes.All)
        {
            if (inode.Links != links[inode.Number])
            {
                yield return $"{Name(machine, inode)} has {links[inode.Number]} links, {inode.Links} are counted";
            }

            if (inode.Users == 0 && inode.Links == (inode.IsDirectory ? 1 : 0))
            {
                yield return $"{inode} is still there, though nobody names or uses it";
            }
        }
    }

    // Nameless inodes live by their users alone: mappings, and the registry for derived ones.
    private static IEnumerable<string> CheckUsers(Machine machine)
    {
        var users = new Dictionary<Inode, int>();
        foreach (var vma in machine.Processes.Alive.SelectMany(p => p.Memory.Mappings))
        {
            foreach (var inode in (Inode?[])[vma.File, vma.Base, vma.Private])
            {
                if (inode is not null)
                {
                    users[inode] = users.GetValueOrDefault(inode) + 1;
                }
            }
        }

        foreach (var (derived, _, _, _) in machine.Derived.All)
        {
            users[derived] = users.GetValueOrDefault(derived) + 1;
        }

        foreach (var (snapshot, _, _, derivedFromIt) in machine.Derived.Snapshots)
        {
            users[snapshot] = derivedFromIt;
        }

        foreach (var link in machine.Uprobes.Links)
        {
            users[link.Inode] = users.GetValueOrDefault(link.Inode) + 1;
        }

        // Files may be open as well.
        foreach (var inode in machine.Inodes.All)
        {
            var mayBeOpen = inode.Type is not (InodeType.Private or InodeType.Derived);
            if (inode.Users != users.GetValueOrDefault(inode) && !(mayBeOpen && inode.Users > users.GetValueOrDefault(inode)))
            {
                yield return $"{inode.Type} {Name(machine, inode)} has {users.GetValueOrDefault(inode)} users, {inode.Users} are counted";
            }
        }
    }

    private static IEnumerable<string> CheckEntries(Machine machine, Process process, Vma vma)
    {
        foreach (var page in process.Memory.Entered(vma))
        {
            if (process.Memory.Usable(vma, page) is not var (frame, canStore))
            {
                continue;
            }

            var at = vma.PageOf(page);
            var mapped = vma.TryResolve(at, out var owner, out var block);
            if (!mapped && vma.Base is not null)
            {
                yield return $"{process}: the entry of {page} leads to frame {frame}, the maps to a hole of a file";
            }
            else if (block.IsZero ? frame != machine.Cache.Frames.Zero
                : !machine.Cache.TryPeek(block, new PageLabel(owner!.Number, at), out var found) || found != frame)
            {
                yield return $"{process}: the entry of {page} leads to frame {frame} of {machine.Cache.Frames[frame].Block}, the maps to {block}";
            }

            if (canStore && !(vma.IsShared ? vma.Base : vma.Private)!.Map.IsExclusive(at))
            {
                yield return $"{process}: {page} may be stored through to {block}, which others own too";
            }
        }
    }
}
