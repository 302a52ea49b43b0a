using System.CommandLine;

namespace Reflink.Cli.Describing;

/// <summary>Describes one file of this computer by another.</summary>
internal sealed class DiffCommand : Command, IHasExamples
{
    private readonly Argument<string> _old = OptionKinds.File("OLD", "The file to copy from");
    private readonly Argument<string> _new = OptionKinds.File("NEW", "The file to describe");
    private readonly Option<string> _expect = OptionKinds.Choice(
        "--expect", DescriptionInput.Strengths, "What OLD must be like when the description is used: its root, or hashes or bytes of what is replaced", DescriptionInput.Strengths[0]);
    private readonly Option<long> _context = OptionKinds.Number("--context", 0, 0, 4096, "Bytes at each side of what is replaced that are expected, too; more of them make 'rebase' surer");
    private readonly Option<string?> _name = new("--name") { Description = "What OLD is called where the description is used; its path here if nothing is said", HelpName = "PATH" };
    private readonly DescriptionOutput _output;

    public DiffCommand()
        : base("diff", "Describes how NEW is made from OLD: what both have in common is copied, wherever it stands, and only the rest is given.")
    {
        Arguments.Add(_old);
        Arguments.Add(_new);
        Options.Add(_expect);
        Options.Add(_context);
        Options.Add(_name);
        _output = new DescriptionOutput(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink derive diff old.so new.so --format binary --output changes", "the update of a library, in as few bytes as it takes"),
        ("reflink derive diff old.so new.so --expect hash --context 32", "one that can be moved to other builds"),
    ];

    private int Run(ParseResult line)
    {
        using var interruption = new Interruption();
        return interruption.Guard(() =>
        {
            var (from, to) = (DescriptionInput.Open(line.GetValue(_old)!), DescriptionInput.Open(line.GetValue(_new)!));
            var description = TerminalProgress.Show(context => ChangeDescription.Between(
                from, to, DescriptionInput.ParseStrength(line.GetValue(_expect)!), line.GetValue(_name) ?? line.GetValue(_old), (int)line.GetValue(_context),
                new Volumes.VolumeProgress(context, interruption.Token).Of("compare", to.Length)));
            _output.Write(line, description);
            return ExitCode.Success;
        });
    }
}
