using System.CommandLine;

namespace Reflink.Cli.Describing;

/// <summary>Writes a description in another format, or again in the same, in canonical form.</summary>
internal sealed class ConvertCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format, or a patch set; a dash is standard input");
    private readonly Argument<string[]> _bases = OptionKinds.Files("BASE", "The files that it copies from, if it does not say their sizes, or is to be normalised");
    private readonly Option<bool> _normalize = new("--normalize") { Description = "Read the bases, and write the form that depends on their bytes and the result's alone" };
    private readonly DescriptionOutput _output;

    public ConvertCommand()
        : base("convert", "Converts a description between text, JSON and binary; edits are put in canonical form. What it says, and so its identity, stays the same.")
    {
        Arguments.Add(_file);
        Arguments.Add(_bases);
        Options.Add(_normalize);
        _output = new DescriptionOutput(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink derive convert edits.json lib.so --format text", "what edits come to"),
        ("reflink derive convert changes --format json --output changes.json", "for a program to read"),
    ];

    private int Run(ParseResult line)
    {
        var bases = line.GetValue(_bases)!.Select(DescriptionInput.Open).ToArray();
        var description = DescriptionInput.Read(line.GetValue(_file)!, CheckCommand.SizeOf(bases));
        if (line.GetValue(_normalize))
        {
            var ordered = DescriptionInput.InOrder(description, bases);
            description.Check(ordered);
            description = description.Normalize(ordered);
        }

        _output.Write(line, description);
        return ExitCode.Success;
    }
}
