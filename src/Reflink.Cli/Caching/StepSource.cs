using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Studies.Experiments;
using Reflink.Units;

namespace Reflink.Cli.Caching;

/// <summary>Where the steps come from: the command line, a file, or standard input.</summary>
internal sealed class StepSource
{
    /// <summary>Above what people write, and below what a binary named by mistake takes.</summary>
    private const int MostText = 1 << 24;

    private readonly Argument<string[]> _steps = new("STEP")
    {
        Description = "A step, its words in one argument, such as 'clone a b'; see above",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _file = OptionKinds.Stream("--file", "Read the steps from a file, one a line; # begins a comment; - is standard input");

    public void AddTo(Command command)
    {
        command.Arguments.Add(_steps);
        command.Options.Add(_file);
        command.Validators.Add(Validate);
    }

    public IReadOnlyList<ExperimentStep> Read(ParseResult line)
    {
        if (line.GetValue(_file) is not { } path)
        {
            return ExperimentStep.Parse(line.GetValue(_steps)!);
        }

        var name = path == OptionKinds.Standard ? "standard input" : path;
        using var reader = path == OptionKinds.Standard ? Console.In
            : HostText.Open(path, () => new StreamReader(path), "cannot be read; name a file of steps, one a line");
        var steps = ExperimentStep.Parse(HostText.Read(reader, name, MostText, "list of steps", "write one step a line").Split('\n'), name);
        return steps.Count > 0 ? steps : throw new ReflinkException(Errno.EINVAL, $"'{name}' has no steps; write one a line, such as 'create a 64K'");
    }

    private void Validate(CommandResult result)
    {
        var typed = result.GetResult(_steps)?.Tokens.Select(t => t.Value).ToList() ?? [];
        if (result.IsGiven(_file) ? typed.Count > 0 : typed.All(string.IsNullOrWhiteSpace))
        {
            result.AddError(result.IsGiven(_file) ? "steps are given and --file too; give one of them" : "there are no steps; give some, such as 'create a 64K' 'clone a b', or --file");
            return;
        }

        try
        {
            _ = ExperimentStep.Parse(typed);
        }
        catch (ReflinkException e)
        {
            result.AddError(e.Reason);
        }
    }
}
