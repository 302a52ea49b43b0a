using Reflink.Files;
using Reflink.Files.Derived;
using Reflink.Inodes;
using Reflink.Space;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>
/// The proposed text_poke() system call: one vector of instructions into a private executable mapping, all or nothing. The
/// mapping is bound to an inode derived from its file, and everyone who pokes alike gets the same one.
/// <code>
///   mapping ──► file ──► blocks            before
///   mapping ──► derived inode ──► blocks, the changed ones derived      after; reverted: as before
/// </code>
/// </summary>
public sealed class TextPoke
{
    /// <summary>The sharing domain of all processes of the machine.</summary>
    private const int WholeMachine = 0;

    private readonly VmServices _vm;
    private readonly BlockSpace _space;
    private readonly DerivedRegistry _registry;
    private readonly PatchCompiler _compiler;
    private readonly PrivateCopies _copies;

    /// <summary>Makes the call available on a machine.</summary>
    internal TextPoke(VmServices vm, BlockSpace space, DerivedRegistry registry)
    {
        (_vm, _space, _registry) = (vm, space, registry);
        _compiler = new PatchCompiler(space);
        _copies = new PrivateCopies(vm.Cache, vm.Pages);
    }

    /// <summary>Patches the mapping at an address.</summary>
    /// <param name="process">Whose mapping; the work is charged to it.</param>
    /// <param name="address">Any address in the mapping.</param>
    /// <param name="set">File offsets, old and new bytes.</param>
    /// <exception cref="PatchRefusedException">Entries outside the mapping or whose old bytes differ; all are listed.</exception>
    /// <exception cref="ReflinkException">EFAULT nothing mapped; EINVAL shared, anonymous or not executable, or a file of another size; EBUSY patched already; ESRCH; ENOMEM; EIO.</exception>
    public PokeResult Apply(Process process, long address, PatchSet set)
    {
        using var _ = process.EnterCall();
        var vma = PatchableMapping(process, address);
        if (vma.Attachment is PatchLevel level)
        {
            throw new ReflinkException(Errno.EBUSY, $"the mapping at {vma.Start} of {process} has {level}; revert it first");
        }

        PatchChecker.CheckSize(set, vma.File!.Size);

        var known = _registry.TryFind(vma.File!, set.Id, out var derived);
        if (!known || !PatchChecker.IsWithin(set, vma.FileRange.Start.Offset, PatchableEnd(vma)))
        {
            Check(process, vma, set);
        }

        // Preparing may need memory, for which the registry would drop an inode that nobody uses yet.
        derived ??= Derive(vma.File!, set);
        derived.Users++;
        try
        {
            _copies.Prepare(process, vma, set);
            process.Memory.Rebind(vma, derived, new PatchLevel(set));
        }
        finally
        {
            _vm.Pages.Put(derived);
        }

        var shadowed = _copies.Edit(process, vma, set, revert: false);
        _copies.DropEqual(process, vma, set);
        _vm.Meter.Count(WorkKind.CodeSync);
        return new PokeResult(set.CountPages(), known, shadowed);
    }

    /// <summary>Takes a poked set out again: the mapping shows its file as it is now, and what the process changed itself.</summary>
    /// <param name="process">Whose mapping; the work is charged to it.</param>
    /// <param name="address">Any address in the mapping.</param>
    /// <exception cref="ReflinkException">EFAULT nothing mapped; EINVAL not patched; ESRCH; ENOMEM; EIO.</exception>
    public PokeResult Revert(Process process, long address)
    {
        using var _ = process.EnterCall();
        if (Mapping(process, address).Attachment is not PatchLevel level)
        {
            throw new ReflinkException(Errno.EINVAL, $"nothing was poked into the mapping at 0x{address:x} of {process}");
        }

        // The mapping may have been split since it was poked; a level is taken out of all its parts.
        var parts = process.Memory.Mappings.Where(m => ReferenceEquals(m.Attachment, level)).ToList();
        foreach (var part in parts)
        {
            _copies.Prepare(process, part, level.Set);
        }

        var shadowed = new List<long>();
        foreach (var part in parts)
        {
            shadowed.AddRange(_copies.Edit(process, part, level.Set, revert: true));
            process.Memory.Rebind(part, part.File!, null);
            _copies.DropEqual(process, part, level.Set);
        }

        _vm.Meter.Count(WorkKind.CodeSync);
        return new PokeResult(level.Set.CountPages(), true, shadowed);
    }

    private static Vma Mapping(Process process, long address) => process.Memory.Find(address)
        ?? throw new ReflinkException(Errno.EFAULT, $"nothing is mapped at 0x{address:x} in {process}");

    private static Vma PatchableMapping(Process process, long address)
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

    private static long PatchableEnd(Vma vma) => Math.Min(vma.FileRange.End.Offset, vma.File!.Size);

    // Once for a set and a version of the file: whoever pokes it again finds the inode in the registry.
    private void Check(Process process, Vma vma, PatchSet set)
    {
        var file = vma.File!;
        _vm.Meter.Count(WorkKind.PatchChecked, set.Count);
        PatchChecker.Check(
            set, vma.FileRange.Start.Offset, PatchableEnd(vma), (offset, into) => _vm.Data.Read(file, offset, into, process.Group));
    }

    private Inode Derive(Inode file, PatchSet set)
    {
        _vm.Meter.Count(WorkKind.PatchApplied, set.Count);
        return _registry.FindOrMake(file, set.Id, _compiler.Compile(set, file, WholeMachine));
    }
}
