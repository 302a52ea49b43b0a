using System.CommandLine;

namespace Reflink.Cli.Describing;

/// <summary>Moves a description to another version of its base.</summary>
internal sealed class RebaseCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format; a dash is standard input");
    private readonly Argument<string> _base = OptionKinds.File("BASE", "The other version of base 0");
    private readonly DescriptionOutput _output;

    public RebaseCommand()
        : base("rebase", "Makes the same changes fit another version of the file, in which other bytes have changed or moved. What cannot be placed for certain is refused, and named.")
    {
        Arguments.Add(_file);
        Arguments.Add(_base);
        _output = new DescriptionOutput(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink derive rebase changes rebuilt.so --output changes.2", "patches of one build, for another")];

    private int Run(ParseResult line)
    {
        _output.Write(line, DescriptionInput.Read(line.GetValue(_file)!).Rebase(DescriptionInput.Open(line.GetValue(_base)!)));
        return ExitCode.Success;
    }
}
