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

    /// <summary>Plans a breakpoint for each site.</summary>
    /// <param name="elf">The file.</param>
    /// <param name="sites">Sites of it, in any order.</param>
    /// <param name="label">What the set is called, or null; see <see cref="PatchSet.Label"/>.</param>
    /// <exception cref="ReflinkException">ENOEXEC: a relocation table of the file is malformed.</exception>
    public static SitePlan Plan(ElfFile elf, IEnumerable<Site> sites, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(elf);
        ArgumentNullException.ThrowIfNull(sites);
        return new SitePlanner(elf, PatchKind.Int3, label).Plan(
            sites.OrderBy(site => site.Offset),
            site => elf.IsExecutable(site.Offset) ? new(1) : Coverage.Not(SiteObstacle.NoCode, "is not code"),
            _ => [Opcode]);
    }

    /// <summary>The set for those sites, bound to the file by name, build-id and size.</summary>
    /// <exception cref="ReflinkException">EINVAL: a site is not in the file's executable segments, or a relocation writes to it.</exception>
    public static PatchSet Make(ElfFile elf, IEnumerable<Site> sites) => Plan(elf, sites).RequireAll();
}
