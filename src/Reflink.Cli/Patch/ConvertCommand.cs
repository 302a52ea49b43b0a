using System.CommandLine;

namespace Reflink.Cli.Patch;

/// <summary>Writes a patch set in the other format, or again in the same, in canonical form.</summary>
internal sealed class ConvertCommand : Command, IHasExamples
{
    private static readonly string[] Formats = [.. Enum.GetNames<PatchFormat>().Select(name => name.ToLowerInvariant())];

    private readonly Argument<string> _file = OptionKinds.File("FILE", "A patch-set file, text or JSON");
    private readonly Option<string> _to = OptionKinds.Choice("--to", Formats, "The format to write");
    private readonly Option<string?> _output = OptionKinds.Path("--output", "Where to write it; standard output if nowhere");

    public ConvertCommand()
        : base("convert", "Converts a patch set between text and JSON. What it changes, and so its identity, stays the same.")
    {
        Arguments.Add(_file);
        Options.Add(_to);
        Options.Add(_output);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink patch convert some.patches --to json", "the set for a program to read"),
        ("reflink patch convert some.json --to text --output some.patches", "and back"),
    ];

    private int Run(ParseResult line)
    {
        var set = PatchFiles.Read(line.GetValue(_file)!);
        var format = Enum.Parse<PatchFormat>(line.GetValue(_to)!, ignoreCase: true);
        if (line.GetValue(_output) is { } path)
        {
            PatchFiles.Write(path, set, format);
        }
        else
        {
            PatchFiles.Write(Console.Out, set, format);
        }

        return ExitCode.Success;
    }
}
