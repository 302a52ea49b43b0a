using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Plans patches of either kind: the one question that commands ask.</summary>
public static class SitePatches
{
    /// <summary>Plans a patch for each site.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: a table of the file is malformed, or its image is larger than a jump reaches.</exception>
    public static SitePlan Plan(ElfFile elf, IEnumerable<Site> sites, PatchKind kind, string? label = null) => kind switch
    {
        PatchKind.Int3 => BreakpointPatch.Plan(elf, sites, label),
        PatchKind.Jump => JumpPatch.Plan(elf, sites, label),
        _ => throw new ReflinkException(Errno.EINVAL, $"{kind} is no kind of patch; take one of {nameof(PatchKind)}"),
    };
}
