using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Reflink.Cli.Reporting;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;

namespace Reflink.Cli.Compare;

/// <summary>Patches one binary in many processes, once per mechanism, and prints what each cost.</summary>
internal sealed class CompareCommand : Command, IHasExamples
{
    private const int UsualProcesses = 50;
    private const int UsualUsers = 5;

    private readonly Option<string?> _binary = OptionKinds.Path("--binary", "The ELF file to patch, PATH@BUILDID for one build only; the running .NET's own libcoreclr.so if none is named");
    private readonly Option<string> _sites = OptionKinds.Choice("--sites", SiteKindNames.All, "What gets patched: function entries, or the sites that 'reflink sites' lists", SiteKindNames.Of(SiteKind.Functions));
    private readonly Option<int> _spread = OptionKinds.Count("--spread", 30_000, "At most so many sites, evenly spread; of other sites than functions all, unless this is given");
    private readonly SiteChoice _choice;
    private readonly Option<int> _processes = OptionKinds.Count("--processes", UsualProcesses, "Processes that map the text");
    private readonly Option<int> _users = OptionKinds.Count("--users", UsualUsers, "Users whom the processes belong to, in turn");
    private readonly Option<string> _mechanisms = OptionKinds.List("--mechanisms", MechanismCatalog.AllNames, "The designs to compare", string.Join(',', MechanismCatalog.Names));
    private readonly Option<string> _domains = OptionKinds.List("--domains", DomainNames.All, "Who shares the pages that equal pokes make: text-poke runs once for each", DomainNames.Of(SharingDomain.Machine));
    private readonly ProfileOptions _profiles = new();
    private readonly Option<string?> _patches = OptionKinds.Path("--patches", "A patch-set file to take instead of --sites; it must be for this build");
    private readonly Option<string?> _savePatches = OptionKinds.Target("--save-patches", "Where to write the patch set that is used", "FILE");
    private readonly Option<bool> _check = new("--check") { Description = "Tell how many bytes were compared with a flat copy, and fail unless patched frames are as many as follow from the sites" };
    private readonly Option<bool> _live = new("--live") { Description = "Do the same in real processes on the running kernel, and print what it takes beside the model's figures" };
    private readonly Option<string?> _plot = OptionKinds.Picture("--plot", "the memory that each design takes");
    private readonly ReportOptions _report = new();

    public CompareCommand()
        : base("compare", "Patches a real binary in many processes, once per mechanism, and tells what each design costs.")
    {
        _choice = new(_binary, _sites, _spread);
        Options.Add(_binary);
        Options.Add(_sites);
        Options.Add(_choice.Named);
        Options.Add(_spread);
        Options.Add(_choice.Patch);
        Options.Add(_processes);
        Options.Add(_users);
        _profiles.AddTo(this);
        Options.Add(_mechanisms);
        Options.Add(_domains);
        Options.Add(_patches);
        Options.Add(_savePatches);
        Options.Add(_check);
        Options.Add(_live);
        Options.Add(_plot);
        _report.AddTo(this);
        Validators.Add(Validate);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink compare", "at most 30,000 functions of libcoreclr.so in 50 processes of 5 users"),
        ("reflink compare --binary /usr/bin/node --mechanisms private,text-poke --check", "two designs on another binary, telling what was compared"),
        ("reflink compare --mechanisms private,private+ksm,private+ksm-sync,private+ksm-partitioned,text-poke", "private copies merged afterwards in three ways, beside pages that are shared from the start"),
        ("reflink compare --binary libjvm.so --sites sdt", "all probes of a program instead of its functions"),
        ("reflink compare --profiles 5", "processes that differ: each has one of five tenths of the sites, in turn"),
        ("reflink compare --random 1 --seed 7 --mechanisms private,text-poke", "each process has a random hundredth of the sites"),
        ("reflink compare --mechanisms private,text-poke --domains machine,user,none", "what it costs to share with fewer"),
        ("reflink compare --binary libjvm.so --site 'hotspot:gc__*' --patch jump", "jumps over the probes of that name that take one"),
        ("reflink compare --spread 500 --save-patches some.patches", "fewer sites, and a file that says which"),
        ("reflink compare --live --binary libjvm.so --mechanisms flags,private,copied-file,delta", "four designs that need no new kernel, by the model and by this kernel, side by side"),
        ("reflink compare --plot memory.svg", "the memory of each design as a picture, too"),
        ("reflink compare --patches some.patches --json", "the same sites again, for a program to read"),
    ];

    private void Validate(CommandResult result)
    {
        // A default number of users gives way to a small number of processes; one that was asked for does not.
        var processes = result.GivenCount(_processes) ?? UsualProcesses;
        if (result.GivenCount(_users) > processes)
        {
            result.AddError($"--users {result.GivenCount(_users)} is more than --processes {processes}; every user has a process");
        }

        if (result.IsGiven(_domains) && result.GetResult(_mechanisms) is { Tokens: [var names] } && !names.Value.Split(',').Contains(TextPokeMechanism.WholeMachine))
        {
            result.AddError($"--domains is for {TextPokeMechanism.WholeMachine}; name that in --mechanisms too");
        }

        _profiles.Validate(result, _patches, processes);
        _choice.Validate(result, _patches);
    }

    // Until the work begins there is nothing to clean up, so an interrupt ends the process at once.
    private int Run(ParseResult line)
    {
        var (comparison, patches) = Prepare(line);
        using var interruption = new Interruption();
        return interruption.Guard(() => Run(line, comparison, patches, interruption.Token));
    }

    private (PatchComparison Comparison, PatchSet Patches) Prepare(ParseResult line)
    {
        var file = line.GetValue(_patches);
        var (elf, sites) = _choice.Find(line, hasPatches: file is not null);
        var patches = file is null
            ? _choice.Make(line, elf, sites, remark => _report.Remark(line, remark))
            : PatchFiles.ReadFor(file, elf);
        var processes = line.GetValue(_processes);
        var plan = new ComparisonPlan(elf, _profiles.Choose(line, patches, processes), processes, Math.Min(processes, line.GetValue(_users)));
        var domains = line.GetValue(_domains)!.Split(',').Select(DomainNames.Parse).ToList();
        var mechanisms = line.GetValue(_mechanisms)!.Split(',').SelectMany(name => MechanismCatalog.Find(name, domains));
        return (new PatchComparison(plan, [.. mechanisms]), patches);
    }

    private int Run(ParseResult line, PatchComparison comparison, PatchSet patches, CancellationToken cancel)
    {
        if (line.GetValue(_savePatches) is { } target)
        {
            PatchFiles.Write(target, patches);
        }

        var result = CompareProgress.Show(progress => comparison.Run(progress, cancel));
        var live = line.GetValue(_live) ? LiveReport.Of(comparison.Plan, result, cancel) : null;
        _report.Write(
            line, () => live is null ? CompareReport.Text(result) : live.Text(CompareReport.Text(result), result),
            () => live is null ? CompareReport.Json(result) : live.Json(result), () => live is null ? CompareReport.Csv(result) : Csv.Of(live.Figures));
        if (line.GetValue(_plot) is { } picture)
        {
            HostOutput.Write(picture, stream => stream.Write(Encoding.UTF8.GetBytes(ComparisonPlot.Svg(result))));
        }

        if (line.GetValue(_check))
        {
            result.RequireAgreement();
            _report.Remark(line, CompareReport.Checked(result));
        }

        return ExitCode.Success;
    }
}
