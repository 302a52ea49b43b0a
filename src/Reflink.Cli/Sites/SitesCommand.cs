using System.CommandLine;
using System.IO.Enumeration;
using Reflink.Elf;

namespace Reflink.Cli.Sites;

/// <summary>Lists what can be patched in a file.</summary>
internal sealed class SitesCommand : Command, IHasExamples
{
    private readonly Argument<string> _path = OptionKinds.File("PATH", "The ELF file to look into");
    private readonly Option<string> _kinds = OptionKinds.List("--kind", SiteKindNames.All, "The kinds of sites to list");
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };
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
        Options.Add(_json);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink sites /usr/bin/python3 --kind sdt", "the probes of Python, with their arguments and semaphores"),
        ("reflink sites libjvm.so --kind sdt --match 'hotspot:gc__*'", "the probes of one provider whose names begin alike"),
        ("reflink sites ./server --json", "everything, for a program to read"),
    ];

    private int Run(ParseResult line)
    {
        var elf = ElfFile.Open(line.GetValue(_path)!);
        var glob = line.GetValue(_match);
        var found = line.GetValue(_kinds)!.Split(',').Select(name => List(elf, SiteKindNames.Parse(name), glob)).ToList();
        Console.Out.Write(line.GetValue(_json) ? SitesReport.Json(elf, found) : SitesReport.Text(elf, found, glob));
        return ExitCode.Success;
    }

    private static SiteList List(ElfFile elf, SiteKind kind, string? glob)
    {
        var all = SiteFinder.Find(elf, kind);
        return new(kind, all.Count, glob is null ? all : [.. all.Where(site => FileSystemName.MatchesSimpleExpression(glob, site.Name, ignoreCase: false))]);
    }
}
