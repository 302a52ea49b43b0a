using Reflink.Patching;

namespace Reflink.Elf;

/// <summary>Turns sites into the patch set that puts a breakpoint on each: <c>int3</c> over the first byte.</summary>
/// <remarks>
/// One byte always covers the start of one instruction, needs no trampoline and is the same in every process, so the pages it makes can
/// be shared. A site that holds <c>int3</c> already is left out of the set: there is nothing to change, and, as with uprobes, it
/// counts as installed.
/// </remarks>
public static class BreakpointPatch
{
    /// <summary>The x86-64 instruction <c>int3</c>.</summary>
    public const byte Opcode = 0xcc;

    /// <summary>The set for those sites, bound to the file by name, build-id and size.</summary>
    /// <exception cref="Units.ReflinkException">EINVAL: a site is not in the file's executable segments.</exception>
    public static PatchSet Make(ElfFile elf, IEnumerable<Site> sites)
    {
        ArgumentNullException.ThrowIfNull(elf);
        ArgumentNullException.ThrowIfNull(sites);
        var builder = new PatchSetBuilder(new PatchTarget(elf.Path, elf.BuildId, elf.Size));
        foreach (var site in sites)
        {
            if (!elf.IsExecutable(site.Offset))
            {
                throw new Units.ReflinkException(
                    Units.Errno.EINVAL, $"file offset 0x{site.Offset:x} of '{elf.Path}' is not code; take sites from this file");
            }

            builder.Add(site.Offset, elf.Read(site.Offset, 1), [Opcode], site.Name);
        }

        return builder.Build();
    }
}
