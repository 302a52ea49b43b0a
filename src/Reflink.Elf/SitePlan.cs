using Reflink.Units;

namespace Reflink.Elf;

/// <summary>The patches for some sites of a file, and the sites that do not take one.</summary>
public sealed class SitePlan
{
    internal SitePlan(ElfFile elf, PatchKind kind, PatchSet patches, IReadOnlyList<Site> taken, IReadOnlyList<SiteMisfit> misfits)
    {
        File = elf.Path;
        (Kind, Patches, Taken, Misfits) = (kind, patches, taken, misfits);
    }

    /// <summary>What is written over each site.</summary>
    public PatchKind Kind { get; }

    /// <summary>The patches, bound to the file by name, build-id and size. Sites at one place are one patch.</summary>
    public PatchSet Patches { get; }

    /// <summary>The sites that take the patch, in order of offset.</summary>
    public IReadOnlyList<Site> Taken { get; }

    /// <summary>The sites that do not, in order of offset.</summary>
    public IReadOnlyList<SiteMisfit> Misfits { get; }

    private string File { get; }

    /// <summary>The patches, if every site takes one.</summary>
    /// <param name="remedy">What the failure says that can be done.</param>
    /// <exception cref="ReflinkException">EINVAL: some do not; all are named, each with its reason.</exception>
    public PatchSet RequireAll(string remedy = "leave them out") => Misfits.Count == 0 ? Patches : throw new ReflinkException(
        Errno.EINVAL,
        $"{Misfits.Count} of {Misfits.Count + Taken.Count} {(Misfits.Count + Taken.Count == 1 ? "site" : "sites")} of '{File}' {(Misfits.Count == 1 ? "takes" : "take")} no {Kind.ToString().ToLowerInvariant()}; {remedy}\n  "
        + string.Join("\n  ", Misfits));
}
