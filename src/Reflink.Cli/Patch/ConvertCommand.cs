using System.CommandLine;

namespace Reflink.Cli.Patch;

/// <summary>Writes a patch set in the other format, or again in the same, in canonical form.</summary>
internal sealed class ConvertCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.File("FILE", "A patch-set file, text or JSON");
    private readonly Option<string> _format = OptionKinds.Choice("--format", PatchFiles.Formats, "The format to write");
    private readonly Option<string?> _output = OptionKinds.Target("--output", "Where to write it; standard output if nowhere");

    public ConvertCommand()
        : base("convert", "Converts a patch set between text and JSON. What it changes, and so its identity, stays the same.")
    {
        Arguments.Add(_file);
        Options.Add(_format);
        Options.Add(_output);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink patch convert some.patches --format json", "the set for a program to read"),
        ("reflink patch convert some.json --format text --output some.patches", "and back"),
    ];

    private int Run(ParseResult line)
    {
        var set = PatchFiles.Read(line.GetValue(_file)!);
        PatchFiles.WriteTo(line.GetValue(_output), set, PatchFiles.ParseFormat(line.GetValue(_format)!));
        return ExitCode.Success;
    }
}
