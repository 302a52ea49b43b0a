using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Finds the sites of one kind: the one question that commands and studies ask.</summary>
public static class SiteFinder
{
    /// <summary>All sites of that kind, in order of offset; none if the file has none.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: the table that lists them is malformed.</exception>
    public static IReadOnlyList<Site> Find(ElfFile elf, SiteKind kind) => Find(elf, kind, out _);

    /// <summary>The same, and why entries were left out that cannot be used; the others are found all the same.</summary>
    /// <exception cref="ReflinkException">ENOEXEC: the table that lists them is malformed, or no entry of it can be used.</exception>
    public static IReadOnlyList<Site> Find(ElfFile elf, SiteKind kind, out IReadOnlyList<string> unusable)
    {
        ArgumentNullException.ThrowIfNull(elf);
        var failures = new List<ReflinkException>();
        var sites = kind switch
        {
            SiteKind.Functions => FunctionSites.FindAny(elf, SiteSource.Best),
            SiteKind.Sdt => ProbeNotes.Find(elf, failures),
            SiteKind.Patchable => PatchableEntries.Find(elf, failures),
            SiteKind.Xray => XraySleds.Find(elf, failures),
            _ => throw Unknown(kind),
        };
        if (sites.Count == 0 && failures.Count > 0)
        {
            throw failures[0];
        }

        unusable = failures.ConvertAll(e => e.Message);
        return sites;
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
