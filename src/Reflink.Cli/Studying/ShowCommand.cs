using System.CommandLine;
using Reflink.Studies.Scenarios;

namespace Reflink.Cli.Studying;

/// <summary>Prints a study that comes with the program, to be copied and changed.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", "The name of a study of 'reflink study list'");

    public ShowCommand()
        : base("show", "Prints the file of a study that comes with the program.")
    {
        Arguments.Add(_study);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink study show clones", "the study as YAML, to be copied and changed")];

    private int Run(ParseResult line)
    {
        Console.Out.Write(ShippedStudies.Text(line.GetValue(_study)!));
        return ExitCode.Success;
    }
}
