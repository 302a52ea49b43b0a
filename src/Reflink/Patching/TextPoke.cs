using Reflink.Patching.Levels;
using Reflink.Patching.Sets;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// The proposed text_poke() system call: writes one vector of instructions into a private executable mapping, all or nothing. The
/// mapping is bound to an inode that is derived from its file, and all who poke the same set get the same inode.
/// <code>
///   mapping ──► file ──► blocks            before
///   mapping ──► derived inode ──► blocks, the changed ones derived      after; reverted: as before
/// </code>
/// Sets lie one over the other as levels. Each can be reverted by itself, in any order in which the others still fit.
/// </summary>
/// <remarks>
/// Other threads of the process see each page either before or after the change, never a mixture, but the pages do not change at the same
/// time. Entries longer than a byte take three rounds (breakpoint, tail, first byte), as in smp_text_poke_batch_finish() of
/// arch/x86/kernel/alternative.c; the rounds are charged, but the states between them are not modelled.
/// </remarks>
public sealed class TextPoke
{
    private readonly LevelChanger _changer;

    /// <summary>Makes the call available on a machine.</summary>
    internal TextPoke(LevelChanger changer) => _changer = changer;

    /// <summary>Patches a mapping of the calling process.</summary>
    /// <inheritdoc cref="Apply(Process, Process, long, PatchSet)"/>
    /// <example><code>
    /// machine.TextPoke.Apply(process, address, set);
    /// machine.TextPoke.Revert(process, address, set);
    /// </code></example>
    public PokeResult Apply(Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        return Apply(process, process, address, set);
    }

    /// <summary>Patches a mapping: the set becomes the level over what the mapping shows now.</summary>
    /// <param name="by">The process that calls and is charged: the process itself, another one of its user, or one of root.</param>
    /// <param name="process">The process whose mapping it is.</param>
    /// <param name="address">Any address in the mapping.</param>
    /// <param name="set">File offsets, old and new bytes.</param>
    /// <exception cref="PatchRefusedException">Entries outside the mapping, or whose old bytes do not show there; all are listed.</exception>
    /// <exception cref="ReflinkException">EFAULT nothing mapped; EINVAL shared, anonymous or not executable, or a file of another size; EEXIST the set is there already; EPERM; ESRCH; ENOMEM; EIO.</exception>
    public PokeResult Apply(Process by, Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        using var _ = by.EnterCall();
        PatchPermission.Check(by, process);
        var vma = Executable(process, address);
        var levels = PatchLevels.Of(vma.Levels);
        if (levels.IndexOf(set) >= 0)
        {
            throw new ReflinkException(Errno.EEXIST, $"{set} lies over the mapping at {vma.Start} of {process} already; revert it before it is poked again");
        }

        PatchChecker.CheckSize(set, vma.Base!.Size);
        return Change(process, vma, levels.Push(set), levels.Sets.Count, Added(levels.Sets.Count, vma));
    }

    /// <summary>Reverts a set that was poked into a mapping of the calling process.</summary>
    /// <inheritdoc cref="Revert(Process, Process, long, PatchSet)"/>
    public PokeResult Revert(Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        return Revert(process, process, address, set);
    }

    /// <summary>Reverts a poked set. A mapping without levels shows its file as it is now, and the pages that the process changed itself.</summary>
    /// <param name="by">The process that calls and is charged: the process itself, another one of its user, or one of root.</param>
    /// <param name="process">The process whose mapping it is.</param>
    /// <param name="address">Any address in the mapping.</param>
    /// <param name="set">The set to revert.</param>
    /// <exception cref="ReflinkException">EBUSY a level above depends on it, and is named; EFAULT nothing mapped; EINVAL the set was not poked there; EPERM; ESRCH; ENOMEM; EIO.</exception>
    public PokeResult Revert(Process by, Process process, long address, PatchSet set)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(set);
        using var _ = by.EnterCall();
        PatchPermission.Check(by, process);
        var vma = Mapping(process, address);
        var levels = PatchLevels.Of(vma.Levels);
        var index = IndexOf(process, vma, levels, set);
        return Change(process, vma, levels.Without(index), index, null);
    }

    /// <summary>Replaces a set that was poked into a mapping of the calling process.</summary>
    /// <inheritdoc cref="Replace(Process, Process, long, PatchSet, PatchSet)"/>
    public PokeResult Replace(Process process, long address, PatchSet old, PatchSet @new)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        return Replace(process, process, address, old, @new);
    }

    /// <summary>Replaces a poked set by another in one step: no access sees the file without either.</summary>
    /// <param name="by">The process that calls and is charged: the process itself, another one of its user, or one of root.</param>
    /// <param name="process">The process whose mapping it is.</param>
    /// <param name="address">Any address in the mapping.</param>
    /// <param name="old">The set that was poked.</param>
    /// <param name="new">The set that takes its place, over the levels below.</param>
    /// <exception cref="PatchRefusedException">Entries of the new set outside the mapping, or whose old bytes the levels below do not show; all are listed.</exception>
    /// <exception cref="ReflinkException">EBUSY a level above would not fit, and is named; EEXIST the new set is there already; else as for applying and reverting.</exception>
    public PokeResult Replace(Process by, Process process, long address, PatchSet old, PatchSet @new)
    {
        ArgumentNullException.ThrowIfNull(by);
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        using var _ = by.EnterCall();
        PatchPermission.Check(by, process);
        var vma = Executable(process, address);
        var levels = PatchLevels.Of(vma.Levels);
        var index = IndexOf(process, vma, levels, old);
        if (levels.IndexOf(@new) is >= 0 and var other && other != index)
        {
            throw new ReflinkException(Errno.EEXIST, $"{@new} lies over the mapping at {vma.Start} of {process} already; revert one of them");
        }

        PatchChecker.CheckSize(@new, vma.Base!.Size);
        return Change(process, vma, levels.With(index, @new), index, Added(index, vma));
    }

    /// <summary>The sets that lie over the file at an address, from the bottom up; empty if the file shows.</summary>
    /// <exception cref="ReflinkException">EFAULT nothing mapped.</exception>
    public static IReadOnlyList<PatchSet> LevelsOf(Process process, long address)
    {
        ArgumentNullException.ThrowIfNull(process);
        return PatchLevels.Of(Mapping(process, address).Levels).Sets;
    }

    private static int IndexOf(Process process, Vma vma, PatchLevels levels, PatchSet set) => levels.IndexOf(set) is >= 0 and var index
        ? index
        : throw new ReflinkException(
            Errno.EINVAL,
            $"{set} was not poked into the mapping at {vma.Start} of {process}, over which lies {(levels.IsEmpty ? "nothing" : levels)}");

    private static Vma Mapping(Process process, long address) => process.Memory.Find(address)
        ?? throw new ReflinkException(Errno.EFAULT, $"nothing is mapped at 0x{address:x} in {process}");

    private static Vma Executable(Process process, long address)
    {
        var vma = Mapping(process, address);
        var why = vma switch
        {
            { File: null } => "is anonymous; only files have something to derive from",
            { IsShared: true } => "is shared: stores to it change the file for all",
            _ when (vma.Protection & Protection.Execute) == 0 => "is not executable",
            _ => null,
        };
        return why is null ? vma : throw new ReflinkException(Errno.EINVAL, $"the mapping at {vma.Start} of {process} {why}");
    }

    // Entries must lie in the part of the mapping that the caller named, whatever the other parts show.
    private static NewLevel Added(int index, Vma vma) => new(index, vma.FileRange.Start.Offset, vma.FileRange.End.Offset);

    private PokeResult Change(Process process, Vma vma, PatchLevels levels, int from, NewLevel? added)
    {
        using var change = _changer.Plan(process, PartsOf(process, vma), levels, from, added);
        return new PokeResult(change.Edits.CountPages(), change.WasKnown, _changer.Commit([change]));
    }

    // The mapping may have been split since it was poked; all of its parts have the same levels.
    private static IReadOnlyList<Vma> PartsOf(Process process, Vma vma) => vma.Levels is { } levels
        ? [.. process.Memory.Mappings.Where(m => ReferenceEquals(m.Levels, levels))]
        : [vma];
}
