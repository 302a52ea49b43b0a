using System.CommandLine;
using Reflink.Descriptions;
using Reflink.Descriptions.Content;

namespace Reflink.Cli.Describing;

/// <summary>Tells whether a description may be used with files of this computer.</summary>
internal sealed class CheckCommand : Command, IHasExamples
{
    private readonly Argument<string> _file = OptionKinds.Input("FILE", "A description in any format, or a patch set; a dash is standard input");
    private readonly Argument<string[]> _bases = OptionKinds.Files("BASE", "The files that it copies from, in its order");

    public CheckCommand()
        : base("check", "Checks a description: that it is well formed and canonical and, with its bases, that they are the versions that it expects. Exit code 1 if not.")
    {
        Arguments.Add(_file);
        Arguments.Add(_bases);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } = [("reflink derive check changes old.so", "whether a description fits a file, with the first offset that differs")];

    private int Run(ParseResult line)
    {
        var paths = line.GetValue(_bases)!;
        var bases = paths.Select(DescriptionInput.Open).ToArray();
        var description = DescriptionInput.Read(line.GetValue(_file)!, SizeOf(bases));
        if (bases.Length == 0)
        {
            Console.Out.WriteLine($"well formed: {description}");
            return ExitCode.Success;
        }

        try
        {
            description.Check(DescriptionInput.InOrder(description, bases));
        }
        catch (BaseMismatchException e)
        {
            return Failures.Print(ExitCode.Failure, e.Error, e.Reason);
        }

        var expectsNothing = description.Preconditions.All(p => p.Kind == PreconditionKind.None);
        Console.Out.WriteLine($"fits{(expectsNothing ? " by size alone, since the description expects nothing of the content" : "")}: {description}\nresult  root {ContentRoot.Of(description.Result(DescriptionInput.InOrder(description, bases)))}");
        return ExitCode.Success;
    }

    /// <summary>The sizes of files that were named.</summary>
    internal static Func<int, string?, long?> SizeOf(IReadOnlyList<ByteSource> bases) => (number, _) => number < bases.Count ? bases[number].Length : null;
}
