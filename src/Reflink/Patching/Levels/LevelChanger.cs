using Reflink.Files.Derived;
using Reflink.Inodes;
using Reflink.Patching.Sets;
using Reflink.Space;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Patching.Levels;

/// <summary>
/// Puts other levels over the file of a mapping: the one way in which pokes, reverts and overlays change what a mapping shows.
/// <code>
///   plan     check what is new │ find the derived inode, or compile and make it
///   prepare  private copies are the process's own and in memory: nothing can fail afterwards
///   commit   bind the mapping to the inode │ edit private copies
///   clean up drop private copies that equal what lies beneath │ probe what a level has uncovered, if there is memory
/// </code>
/// Many mappings change together: a step is done for all of them before the next.
/// </summary>
internal sealed class LevelChanger(VmServices vm, BlockSpace space, DerivedRegistry registry, Action<Process, Vma, PatchSet> edited, SharingDomain domain)
{
    /// <summary>How many sites one round of the cross-modifying protocol covers (TEXT_POKE_ARRAY_MAX in arch/x86/kernel/alternative.c).</summary>
    private const int Batch = 256;

    private readonly PatchCompiler _compiler = new(space);
    private readonly PrivateCopies _copies = new(vm.Cache, vm.Pages, vm.Ledger);
    private (string Before, string After, PatchSet Edits) _last = ("", "", PatchSet.Empty);

    /// <summary>Checks a change and finds or makes the inode that will show. Ends with <see cref="Make"/> or <see cref="Release"/>.</summary>
    /// <param name="process">Whose mapping.</param>
    /// <param name="parts">The mapping's parts.</param>
    /// <param name="levels">What shall lie over the file.</param>
    /// <param name="from">The lowest level that must be checked.</param>
    /// <param name="added">The level that is new, if one is; without one something was taken away or changed.</param>
    /// <exception cref="ReflinkException">EINVAL with all entries at fault, EBUSY naming a level above that would not fit, ENOMEM, EIO.</exception>
    public LevelChange Plan(Process process, IReadOnlyList<Vma> parts, PatchLevels levels, int from, NewLevel? added)
    {
        var file = parts[0].File!;
        var edits = Edits(PatchLevels.Of(parts[0].Levels), levels);
        var (shown, known) = (file, true);
        if (!levels.IsEmpty)
        {
            (shown, known) = Find(process, parts[0].Base!, file, levels, from, added);
        }

        shown.Users++;
        return new LevelChange(process, parts, levels, shown, known, edits);
    }

    /// <summary>Checks levels from a number on against a file.</summary>
    /// <exception cref="ReflinkException">EINVAL with all entries at fault, EBUSY naming a level above that would not fit, ENOMEM, EIO.</exception>
    public void Check(PatchLevels levels, int from, NewLevel? added, Inode root, GroupId group)
    {
        var entries = LevelChecker.Check(levels, from, added, root.Size, (offset, into) => vm.Data.Read(root, offset, into, group));
        vm.Meter.Count(WorkKind.PatchChecked, entries);
    }

    /// <summary>Makes planned changes, all or none; returns the file offsets of bytes that stayed, because the process or a debugger had changed them.</summary>
    /// <exception cref="ReflinkException">ENOMEM, EIO: the private copies cannot be made ready. The plans are given up.</exception>
    public List<long> Make(IReadOnlyList<LevelChange> changes)
    {
        try
        {
            _copies.Prepare([.. changes.SelectMany(c => c.Parts.Select(part => (c.Process, part, c.Edits)))]);
        }
        catch (ReflinkException)
        {
            Release(changes);
            throw;
        }

        // What asks for memory comes when every mapping has changed: it might take what was made ready.
        var shadowed = changes.SelectMany(Commit).ToList();
        foreach (var change in changes)
        {
            CleanUp(change);
        }

        Release(changes);
        return shadowed;
    }

    /// <summary>Gives plans up.</summary>
    public void Release(IEnumerable<LevelChange> changes)
    {
        foreach (var change in changes)
        {
            vm.Metadata.Put(change.Shown);
        }
    }

    private List<long> Commit(LevelChange change)
    {
        var shadowed = new List<long>();
        foreach (var part in change.Parts)
        {
            change.Process.Memory.Rebind(part, change.Shown, change.Levels.IsEmpty ? null : change.Levels);
            shadowed.AddRange(_copies.Edit(change.Process, part, change.Edits));
        }

        vm.Meter.Count(WorkKind.CodeSync, Rounds(change.Edits));
        return shadowed;
    }

    private void CleanUp(LevelChange change)
    {
        foreach (var part in change.Parts)
        {
            _copies.DropEqual(change.Process, part, change.Edits);
            edited(change.Process, part, change.Edits);
        }
    }

    // Breakpoints on all sites of a batch, the tails behind them, the first bytes, and after each every thread serialises. A
    // patch of one byte has no tail, and the breakpoint round is the last one if the byte is a breakpoint.
    private static long Rounds(PatchSet edits) =>
        (edits.ByteCount == edits.Count ? 1 : 3) * ((edits.Count + Batch - 1L) / Batch);

    private (Inode Shown, bool WasKnown) Find(
        Process process, Inode shown, Inode file, PatchLevels levels, int from, NewLevel? added)
    {
        var owners = Domain(process);
        var version = registry.VersionOf(shown, file);
        var description = owners == 0 ? levels.Description : $"{owners}:{levels.Description}";
        var known = registry.TryFind(version, description, out var derived);
        if (!known || (added is var (index, start, end) && !PatchChecker.IsWithin(levels.Sets[index], start, end)))
        {
            Check(levels, from, added, registry.ReadableOf(version, file), process.Group);
        }

        return (derived ?? Derive(version, file, description, levels.Fold, owners), known);
    }

    private Inode Derive(RootVersion version, Inode file, string description, PatchSet fold, int owners)
    {
        vm.Meter.Count(WorkKind.PatchApplied, fold.Count);
        var pages = _compiler.Compile(fold, registry.RootOf(version, file), owners);
        return registry.FindOrMake(version, file, description, pages);
    }

    // Equal changes in many processes come one after the other: the last answer serves nearly all.
    private PatchSet Edits(PatchLevels before, PatchLevels after)
    {
        if (before.Description != _last.Before || after.Description != _last.After)
        {
            _last = (before.Description, after.Description, PatchFold.Over(before.Fold.Inverse(), after.Fold));
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
