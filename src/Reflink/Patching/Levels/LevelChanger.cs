using Reflink.Files;
using Reflink.Files.Derived;
using Reflink.Files.Pages;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// Puts other levels over the file of a mapping: the one way in which pokes, reverts and overlays change what a mapping shows.
/// <code>
///   plan     check what is new │ find the derived inode, or compile and make it
///   prepare  make sure that private copies belong to the process and are in memory: nothing can fail afterwards
///   commit   bind the mapping to the inode │ edit private copies
///   clean up drop private copies that equal what lies beneath │ tell the uprobes, which may have to probe a site again
/// </code>
/// Many mappings change together: each step is done for all of them before the next one begins.
/// </summary>
internal sealed class LevelChanger(
    DerivedRegistry registry, PatchCompiler compiler, PrivateCopies copies, FileData data, Metadata metadata, Meter meter,
    Action<Process, Vma, PatchSet> edited, SharingDomain domain)
{
    /// <summary>How many sites one round of the cross-modifying protocol covers (TEXT_POKE_ARRAY_MAX in arch/x86/kernel/alternative.c).</summary>
    private const int Batch = 256;

    // The last change of levels: many processes have the same one, one after the other.
    private (PatchLevels Before, PatchLevels After, PatchSet Edits) _last = (PatchLevels.None, PatchLevels.None, PatchSet.Empty);

    /// <summary>Checks a change and finds or makes the inode that will show. The caller disposes the plan, whether or not it commits it.</summary>
    /// <param name="process">The process whose mapping it is.</param>
    /// <param name="parts">The parts of the mapping.</param>
    /// <param name="levels">The levels that will lie over the file.</param>
    /// <param name="from">The lowest level that must be checked.</param>
    /// <param name="added">The new level; null if a level was removed or replaced.</param>
    /// <exception cref="ReflinkException">EINVAL with all entries at fault, EBUSY naming a level above that would not fit, ENOMEM, EIO.</exception>
    public LevelChange Plan(Process process, IReadOnlyList<Vma> parts, PatchLevels levels, int from, NewLevel? added)
    {
        var file = parts[0].File!;
        var edits = Edits(PatchLevels.Of(parts[0].Levels), levels);
        var (shown, known) = (file, true);
        if (!levels.IsEmpty)
        {
            (shown, known) = Find(process, parts[0].Base!, file, levels, edits, from, added);
        }

        shown.Users++;
        return new LevelChange(metadata, process, parts, levels, shown, known, edits);
    }

    /// <summary>Checks levels from a number on against a file.</summary>
    /// <exception cref="ReflinkException">EINVAL with all entries at fault, EBUSY naming a level above that would not fit, ENOMEM, EIO.</exception>
    public void Check(PatchLevels levels, int from, NewLevel? added, Inode root, GroupId group)
    {
        var entries = LevelChecker.Check(levels, from, added, root.Size, (offset, into) => data.Read(root, offset, into, group));
        meter.Count(WorkKind.PatchChecked, entries);
    }

    /// <summary>Commits planned changes, all or none; returns the file offsets of bytes that stayed, because the process or a debugger had changed them.</summary>
    /// <exception cref="ReflinkException">ENOMEM, EIO: the private copies cannot be made ready. No mapping has changed.</exception>
    public List<long> Commit(IReadOnlyList<LevelChange> changes)
    {
        copies.Prepare([.. changes.SelectMany(c => c.Parts.Select(part => (c.Process, part, c.Edits)))]);

        // Steps that allocate run only after every mapping has changed: they could evict pages that Prepare made resident.
        var shadowed = changes.SelectMany(Rebind).ToList();
        foreach (var change in changes)
        {
            CleanUp(change);
        }

        return shadowed;
    }

    private List<long> Rebind(LevelChange change)
    {
        var shadowed = new List<long>();
        foreach (var part in change.Parts)
        {
            change.Process.Memory.Rebind(part, change.Shown, change.Levels.IsEmpty ? null : change.Levels);
            shadowed.AddRange(copies.Edit(change.Process, part, change.Edits));
        }

        meter.Count(WorkKind.CodeSync, Rounds(change.Edits));
        return shadowed;
    }

    private void CleanUp(LevelChange change)
    {
        foreach (var part in change.Parts)
        {
            copies.DropEqual(change.Process, part, change.Edits);
            edited(change.Process, part, change.Edits);
        }
    }

    // A batch takes three rounds, after each of which every thread serialises: breakpoints on all sites, the tails behind them, the
    // first bytes. One round is enough for entries of one byte, which have no tail.
    private static long Rounds(PatchSet edits) =>
        (edits.ByteCount == edits.Count ? 1 : 3) * ((edits.Count + Batch - 1L) / Batch);

    private (Inode Shown, bool WasKnown) Find(
        Process process, Inode shown, Inode file, PatchLevels levels, PatchSet edits, int from, NewLevel? added)
    {
        var owners = Domain(process);
        var version = registry.VersionOf(shown, file);
        var description = owners == 0 ? levels.Description : $"{owners}:{levels.Description}";
        var known = registry.TryFind(version, description, out var derived);
        if (!known || (added is var (index, start, end) && !PatchChecker.IsWithin(levels.Sets[index], start, end)))
        {
            Check(levels, from, added, registry.ReadableOf(version, file), process.Group);
        }

        if (derived is null)
        {
            var (pages, entries) = compiler.Compile(levels.Fold, registry.RootOf(version, file), owners, registry.PagesOf(shown), edits);
            meter.Count(WorkKind.PatchApplied, entries);
            derived = registry.FindOrMake(version, file, description, pages);
        }

        return (derived, known);
    }

    // What changes between levels. Levels that equal those of the last change learn from them what they come to.
    private PatchSet Edits(PatchLevels before, PatchLevels after)
    {
        if (before.HasSameSetsAs(_last.Before) && after.HasSameSetsAs(_last.After))
        {
            after.Adopt(_last.After);
        }
        else
        {
            _last = (before, after, PatchFold.Over(before.Fold.Inverse(), after.Fold));
        }

        return _last.Edits;
    }

    private int Domain(Process process) => domain switch
    {
        SharingDomain.User => 1 + process.User.Id.Value,
        SharingDomain.None => -process.Id.Value,
        _ => 0,
    };
}
