using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Finds the sites of one kind: the one question that commands and studies ask.</summary>
public static class SiteFinder
{
    /// <summary>All sites of that kind, in order of offset; none if the file has none.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: the table that lists them is malformed.</exception>
    public static IReadOnlyList<Site> Find(ElfFile elf, SiteKind kind)
    {
        ArgumentNullException.ThrowIfNull(elf);
        return kind switch
        {
            SiteKind.Functions => FunctionSites.FindAny(elf, SiteSource.Best),
            SiteKind.Sdt => ProbeNotes.Find(elf),
            SiteKind.Patchable => PatchableEntries.Find(elf),
            SiteKind.Xray => XraySleds.Find(elf),
            _ => throw Unknown(kind),
        };
    }

    /// <summary>Where sites of that kind are looked for, in the words of a sentence such as "it has no ...".</summary>
    public static string Source(SiteKind kind) => kind switch
    {
        SiteKind.Functions => $"function of {FunctionSites.MinimumSize} bytes or more in its symbols or frame table",
        SiteKind.Sdt => $"probe in {ProbeNotes.Section}",
        SiteKind.Patchable => $"entry in {PatchableEntries.Section}",
        SiteKind.Xray => $"sled in {XraySleds.Section}",
        _ => throw Unknown(kind),
    };

    private static ReflinkException Unknown(SiteKind kind) =>
        new(Errno.EINVAL, $"{kind} is no kind of site; take one of {nameof(SiteKind)}");
}
