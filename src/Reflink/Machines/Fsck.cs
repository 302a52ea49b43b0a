using Reflink.Cache;
using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Machines;

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
        var findings = new List<string>();
        findings.AddRange(machine.Space.Check());
        findings.AddRange(ExtentAudit.Check(machine.Space, machine.Inodes.All.Select(i => i.Map), machine.Reaper));
        findings.AddRange(CheckFrames(machine));
        findings.AddRange(CheckBytes(machine));
        findings.AddRange(CheckNames(machine));
        findings.AddRange(CheckUsers(machine));
        findings.AddRange(new LevelAudit(machine).Check());
        foreach (var process in machine.Processes.Alive)
        {
            foreach (var vma in process.Memory.Mappings)
            {
                findings.AddRange(CheckEntries(machine, process, vma));
            }
        }

        return findings;
    }

    /// <summary>Throws if anything is wrong: the strict mode of tests and experiments.</summary>
    /// <exception cref="InvariantException">With every finding.</exception>
    public static void Require(Machine machine)
    {
        var findings = Check(machine);
        if (findings.Count > 0)
        {
            Invariant.Broken(string.Join("\n", findings));
        }
    }

    private static IEnumerable<string> CheckFrames(Machine machine)
    {
        var (resident, dirty) = (0, 0);
        for (var n = 0; n < machine.Cache.HighWater; n++)
        {
            var number = new FrameNumber(n);
            var frame = machine.Cache.Frames[number];
            if (frame.Block.IsZero)
            {
                continue;
            }

            resident++;
            dirty += (frame.Flags & FrameFlags.Dirty) != 0 ? 1 : 0;
            if (machine.Space.Owners(frame.Block) == 0)
            {
                yield return $"frame {number} holds {frame.Block}, which is dead";
            }

            if (!machine.Cache.TryPeek(frame.Block, out var indexed) || indexed != number)
            {
                yield return $"frame {number} holds {frame.Block}, which the index does not find there";
            }
        }

        if (resident != machine.Cache.Resident || dirty != machine.Cache.DirtyFrames)
        {
            yield return $"{resident} frames hold blocks, {dirty} dirty; counted are {machine.Cache.Resident} and {machine.Cache.DirtyFrames}";
        }

        if (machine.Cache.Frames.Bytes(machine.Cache.Frames.Zero).ContainsAnyExcept((byte)0))
        {
            yield return "the zero frame is not zero";
        }
    }

    // No page is lost, none is kept for a dead block, and swap holds just the anonymous pages that are not in memory.
    private static IEnumerable<string> CheckBytes(Machine machine)
    {
        var (kept, swapped) = (0L, 0L);
        foreach (var run in machine.Space.Runs(BlockKind.Stored).Concat(machine.Space.Runs(BlockKind.Anonymous)))
        {
            for (var block = run.First; block != run.End; block += 1)
            {
                var (inStore, inMemory) = (machine.Cache.IsInStore(block), machine.Cache.TryPeek(block, out var frame));
                kept += inStore ? 1 : 0;
                swapped += inStore && block.Kind == BlockKind.Anonymous ? 1 : 0;
                var isDirty = inMemory && (machine.Cache.Frames[frame].Flags & FrameFlags.Dirty) != 0;
                if (!inStore && !isDirty)
                {
                    yield return $"the bytes of {block} are {(inMemory ? "in a clean frame" : "not in memory")} and not in the store";
                }
            }
        }

        if (kept != machine.Cache.StoredPages || swapped != machine.Cache.SwapPages.Used)
        {
            yield return $"the store holds {machine.Cache.StoredPages} pages, {kept} of them of live blocks; {swapped} are swapped out, {machine.Cache.SwapPages.Used} counted";
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
                    yield return $"'{name}' in {directory} leads to inode {number}, which is gone";
                    continue;
                }

                links[number]++;
                links[directory.Number] += inode.IsDirectory ? 1 : 0;
                if (inode.IsDirectory && inode.Parent != directory.Number)
                {
                    yield return $"'{name}' in {directory} has inode {inode.Parent} for a parent";
                }
            }
        }

        foreach (var inode in machine.Inodes.All)
        {
            if (inode.Links != links[inode.Number])
            {
                yield return $"{inode} has {links[inode.Number]} links, {inode.Links} are counted";
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
                yield return $"{inode.Type} {inode} has {users.GetValueOrDefault(inode)} users, {inode.Users} are counted";
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
            var mapped = vma.IsFilled(at, out var block)
                || (vma.Base is { } file && InodePages.TryResolve(file, at, out block));
            if (!mapped && vma.Base is not null)
            {
                yield return $"{process}: the entry of {page} leads to frame {frame}, the maps to a hole of a file";
            }
            else if (machine.Cache.Frames[frame].Block != block || (block.IsZero && frame != machine.Cache.Frames.Zero))
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
