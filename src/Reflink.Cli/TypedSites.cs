using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Sites that users name on a command line, all of one file.</summary>
internal static class TypedSites
{
    /// <summary>The file that specs name, and the sites in it.</summary>
    public static (ElfFile Elf, IReadOnlyList<Site> Sites) Find(IReadOnlyList<string> texts)
    {
        var specs = texts.Select(SiteSpec.Parse).ToList();
        var elf = specs[0].Open();
        var sites = new List<Site>();
        foreach (var (i, spec) in specs.Index())
        {
            if (Path.GetFullPath(spec.Path) != Path.GetFullPath(specs[0].Path))
            {
                throw new ReflinkException(
                    Errno.EINVAL, $"'{texts[0]}' and '{texts[i]}' are of two files, and a patch set is for one; make a set for each");
            }

            spec.CheckBuild(elf);
            sites.AddRange((spec.Place ?? throw Whole(texts[i])).Find(elf));
        }

        return (elf, sites);
    }

    /// <summary>A file, <c>PATH</c> or <c>PATH@BUILDID</c>, and no site of it.</summary>
    public static ElfFile Open(string text)
    {
        var spec = SiteSpec.Parse(text);
        return spec.Place is null ? spec.Open() : throw new ReflinkException(
            Errno.EINVAL, $"'{text}' names a site, and here a whole file is meant; leave ':{spec.Place}' out");
    }

    /// <summary>Sites of a file that is named elsewhere.</summary>
    public static IReadOnlyList<Site> Find(ElfFile elf, IReadOnlyList<string> texts) =>
        [.. texts.SelectMany(text => SitePlace.Parse(text).Find(elf))];

    private static ReflinkException Whole(string text) => new(
        Errno.EINVAL, $"'{text}' names a file and no site of it; add :PROVIDER:NAME, :SYMBOL, :SYMBOL+OFF or :0xFILEOFFSET");
}
