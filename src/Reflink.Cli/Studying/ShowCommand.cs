using System.CommandLine;

namespace Reflink.Cli.Studying;

/// <summary>Prints a study, to be copied and changed: as YAML, or as a program in C#.</summary>
internal sealed class ShowCommand : Command, IHasExamples
{
    private readonly Argument<string> _study = OptionKinds.Word("STUDY", StudyFile.Description);
    private readonly Option<bool> _csharp = new("--csharp") { Description = "Print it as a program in C#, for the package Reflink.Studies" };

    public ShowCommand()
        : base("show", "Prints a study: its file, or a program in C# that does the same.")
    {
        Arguments.Add(_study);
        Options.Add(_csharp);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink study show clones", "the study as YAML, to be copied and changed"),
        ("reflink study show my.yaml --csharp > Program.cs", "a study of one's own as a program in C#, for what YAML cannot say"),
    ];

    private int Run(ParseResult line)
    {
        var study = StudyFile.Read(line.GetValue(_study)!);
        Console.Out.Write(line.GetValue(_csharp) ? study.ToCSharp() : study.Source);
        return ExitCode.Success;
    }
}
