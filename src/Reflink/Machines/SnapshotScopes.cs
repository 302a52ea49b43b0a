using Reflink.Patching.Levels;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Machines;

/// <summary>The tables of a snapshot that say which users and processes see which change of a file: overlays by user, uprobes by file.</summary>
internal static class SnapshotScopes
{
    public const string OverlayColumns = "user inode mappings without sets";

    public const string UprobeColumns = "inode sites pages private probes";

    /// <summary>The overlays; how many of the user's mappings show them, and how many executable ones do not because they did not fit.</summary>
    public static IEnumerable<object?[]> Overlays(Machine machine)
    {
        foreach (var (user, file, sets) in machine.Overlays.All)
        {
            var mappings = Private(machine, file).Where(m => m.Process.User.Id == user).Select(m => m.Vma).ToList();
            var showing = mappings.Count(m => PatchLevels.Of(m.Levels).OverlayCount > 0);
            var without = mappings.Count(m => PatchLevels.Of(m.Levels).OverlayCount == 0 && (m.Protection & Protection.Execute) != 0);
            yield return
            [
                machine.Processes.User(user.Value).Name, file.Value, (long)showing, (long)without, string.Join("; ", sets),
            ];
        }
    }

    /// <summary>What is attached, in that order; how many pages have sites, and how many private copies processes have of these.</summary>
    public static IEnumerable<object?[]> Uprobes(Machine machine)
    {
        foreach (var link in machine.Uprobes.Links)
        {
            var pages = new SortedSet<PageIndex>();
            for (var part = new PatchCursor(link.Set); !part.IsAtEnd; part.Advance())
            {
                pages.Add(part.Page);
            }

            var copies = Private(machine, link.File).Sum(m => (long)pages.Count(p => m.Vma.FileRange.Contains(p) && m.Vma.IsFilled(p, out _)));
            yield return [link.File.Value, (long)link.Set.Count, (long)pages.Count, copies, link.Set.ToString()];
        }
    }

    private static IEnumerable<(Process Process, Vma Vma)> Private(Machine machine, InodeNumber file) => machine.Processes.Alive.SelectMany(
        p => p.Memory.Mappings.Where(m => m.File?.Number == file && !m.IsShared).Select(m => (p, m)));
}
