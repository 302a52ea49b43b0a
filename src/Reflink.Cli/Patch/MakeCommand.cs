using System.CommandLine;
using Reflink.Elf;
using Reflink.Patching.Sets;

namespace Reflink.Cli.Patch;

/// <summary>Makes a patch set out of names that users type.</summary>
internal sealed class MakeCommand : Command, IHasExamples
{
    private readonly Argument<string[]> _specs = new("SPEC")
    {
        Description = "PATH:PROVIDER:NAME, PATH:SYMBOL, PATH:SYMBOL+OFF or PATH:0xFILEOFFSET; PATH@BUILDID for one build only; * and ? in names",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _patch = PatchKindNames.Option("What is written over each site", PatchKind.Int3);
    private readonly Option<bool> _skip = new("--skip") { Description = "Leave out sites that do not take the patch, instead of failing" };
    private readonly Option<string?> _output = OptionKinds.Target("--output", "Where to write it; standard output if nowhere");
    private readonly Option<string> _format = OptionKinds.Choice("--format", PatchFiles.Formats, "The format to write", PatchFiles.Formats[0]);
    private readonly Option<string?> _name = new("--name")
    {
        Description = "What the set is called, GROUP/EVENT",
        HelpName = "GROUP/EVENT",
        CustomParser = result =>
        {
            if (PatchSetLabel.Problem(result.Tokens[0].Value) is { } problem)
            {
                result.AddError($"--name: {problem}");
            }

            return result.Tokens[0].Value;
        },
    };

    public MakeCommand()
        : base("make", "Makes a patch set that puts a breakpoint or a jump on named sites of one binary.")
    {
        Arguments.Add(_specs);
        _specs.Validators.Add(result => result.RefuseOptions(_specs.Name));
        Options.Add(_patch);
        Options.Add(_name);
        Options.Add(_output);
        Options.Add(_format);
        Options.Add(_skip);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink patch make '/usr/bin/python3.11:python:gc*' --output gc.patches", "a breakpoint on each probe whose name begins so"),
        ("reflink patch make libjvm.so:JNI_CreateJavaVM libjvm.so:0x8af8c3 --patch jump --name jvm/start", "jumps on a function and at a file offset"),
        ("reflink patch make 'libjvm.so@97da31:hotspot:*' --patch jump --skip --format json", "of that build only, without the sites that take no jump"),
    ];

    private int Run(ParseResult line)
    {
        var (elf, sites) = TypedSites.Find(line.GetValue(_specs)!);
        var plan = SitePatches.Plan(elf, sites, PatchKindNames.Parse(line.GetValue(_patch)!), line.GetValue(_name));
        var patches = line.GetValue(_skip) && plan.Taken.Count > 0
            ? plan.Patches
            : plan.RequireAll(plan.Taken.Count > 0 ? "nothing was written, --skip leaves them out" : "take other sites, or another --patch");
        if (PatchKindNames.LeftOut(plan) is { } leftOut)
        {
            Failures.Remark($"left out: {leftOut}");
        }

        PatchFiles.WriteTo(line.GetValue(_output), patches, PatchFiles.ParseFormat(line.GetValue(_format)!));
        return ExitCode.Success;
    }
}
