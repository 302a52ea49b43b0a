using System.CommandLine;
using System.IO.Enumeration;
using Reflink.Cli.Reporting;
using Reflink.Elf;
using Reflink.Units;

namespace Reflink.Cli.Sites;

/// <summary>Lists what can be patched in a file.</summary>
internal sealed class SitesCommand : Command, IHasExamples
{
    private readonly Argument<string> _path = OptionKinds.File("PATH", "The ELF file to look into, or some sites of it: PATH:PROVIDER:NAME, PATH:SYMBOL, PATH:SYMBOL+OFF, PATH:0xFILEOFFSET; PATH@BUILDID for one build only");
    private readonly Option<string> _kinds = OptionKinds.List("--kind", SiteKindNames.All, "The kinds of sites to list");
    private readonly Option<string> _patch = PatchKindNames.Option("Tell which sites take that patch, and why others do not; sites of one kind may be in each other's way", usual: null);
    private readonly ReportOptions _report = new();
    private readonly Option<string?> _match = new("--match")
    {
        Description = "Only sites whose name matches, with * for any text and ? for any character",
        HelpName = "GLOB",
    };

    public SitesCommand()
        : base("sites", "Lists what can be patched in a binary: functions, probes, patchable entries, XRay sleds.")
    {
        Arguments.Add(_path);
        Options.Add(_kinds);
        Options.Add(_match);
        Options.Add(_patch);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink sites /usr/bin/python3 --kind sdt", "the probes of Python, with their arguments and semaphores"),
        ("reflink sites libjvm.so --kind sdt --match 'hotspot:gc__*'", "the probes of one provider whose names begin alike"),
        ("reflink sites '/usr/bin/python3.11:python:gc*' --patch jump", "which of some probes take a five-byte jump, and why the others do not"),
        ("reflink sites ./server --json", "everything, for a program to read"),
    ];

    private int Run(ParseResult line)
    {
        var spec = SiteSpec.Parse(line.GetValue(_path)!);
        var given = new Option[] { _kinds, _match }.FirstOrDefault(line.CommandResult.IsGiven);
        if (spec.Place is not null && given is not null)
        {
            throw new ReflinkException(Errno.EINVAL, $"'{spec.Place}' and {given.Name} both say which sites; give one of them");
        }

        var elf = spec.Open();
        var glob = line.GetValue(_match);
        List<SiteList> found = spec.Place is { } place
            ? [Typed(elf, place)]
            : [.. line.GetValue(_kinds)!.Split(',').Select(name => List(elf, SiteKindNames.Parse(name), glob))];
        if (line.GetValue(_patch) is { } patch)
        {
            var kind = PatchKindNames.Parse(patch);
            found = found.ConvertAll(list => list with { Planned = new(SitePatches.Plan(elf, list.Sites, kind)) });
        }

        found.ForEach(list => LeftOut.Tell(list.Kind, list.Unusable));
        _report.Write(line, () => SitesReport.Text(elf, found, glob), () => SitesReport.Json(elf, found), () => SitesReport.Csv(found));
        return ExitCode.Success;
    }

    private static SiteList Typed(ElfFile elf, SitePlace place)
    {
        var sites = place.Find(elf);
        return new(place.Kind, sites.Count, sites);
    }

    private static SiteList List(ElfFile elf, SiteKind kind, string? glob)
    {
        var all = SiteFinder.Find(elf, kind, out var unusable);
        return new(kind, all.Count, glob is null ? all : [.. all.Where(site => FileSystemName.MatchesSimpleExpression(glob, site.Name, ignoreCase: false))])
        {
            Unusable = unusable,
        };
    }
}
