using System.CommandLine;

namespace Reflink.Measuring;

/// <summary>
/// A command that measures: it takes <c>--rounds</c> and <c>--json</c>, and ends with its verdict, which with <c>--json</c> goes
/// to the error stream, so that the output stays JSON.
/// </summary>
public abstract class MeasuringCommand(string name, string description)
{
    private const int QuickRounds = 3;

    /// <summary>Makes the command line of a program of such commands, and runs it.</summary>
    public static int Main(string description, string[] args, params MeasuringCommand[] commands) =>
        Main(description, args, commands.Select(c => c.Build()));

    /// <summary>Runs a program of any commands.</summary>
    public static int Main(string description, string[] args, IEnumerable<Command> commands)
    {
        var root = new RootCommand(description);
        foreach (var command in commands)
        {
            root.Add(command);
        }

        // Cleaning up after Ctrl-C is the commands' own, by signal: they sit in system calls of seconds.
        return root.Parse(args).Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>The name on the command line.</summary>
    protected string Name { get; } = name;

    /// <summary>Whether three rounds and smaller sizes are to do: an answer within two minutes, to see whether anything is badly off.</summary>
    protected bool IsQuick { get; private set; }

    /// <summary>Options of the command's own.</summary>
    protected virtual IReadOnlyList<Option> Options => [];

    /// <summary>Measures.</summary>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="line">The command line, for <see cref="Options"/>.</param>
    protected abstract Report Measure(int rounds, ParseResult line);

    /// <summary>Tells a waiting person what is being done; a script is not told.</summary>
    protected static void Say(string what)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(what);
        }
    }

    /// <summary>Runs a contest, saying which round it is.</summary>
    protected static IReadOnlyList<Standing> Run(IReadOnlyList<Contestant> contestants, int rounds) =>
        new Contest(contestants, rounds) { Round = n => Say($"round {n} of {rounds}") }.Run();

    /// <summary>The command for a command line.</summary>
    public Command Build()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = $"How many rounds count; at least {Contest.FewestRounds}.",
            DefaultValueFactory = _ => Contest.FewestRounds,
        };
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < Contest.FewestRounds)
            {
                result.AddError($"--rounds: medians of fewer than {Contest.FewestRounds} rounds say little; ask for more");
            }
        });
        var quick = new Option<bool>("--quick") { Description = $"{QuickRounds} rounds and smaller sizes, within two minutes; what is printed is no figure to publish." };
        var json = new Option<bool>("--json") { Description = "Print JSON; the verdict goes to the error stream too." };
        var command = new Command(Name, description) { rounds, quick, json };
        foreach (var option in Options)
        {
            command.Add(option);
        }

        command.SetAction(parsed =>
        {
            IsQuick = parsed.GetValue(quick);
            return Act(Measure(IsQuick ? QuickRounds : parsed.GetValue(rounds), parsed), parsed.GetValue(json));
        });
        return command;
    }

    private static int Act(Report report, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ReportJson.Write(report));
            Console.Error.WriteLine(report.Verdict.Line);
        }
        else
        {
            ReportTable.Print(report, Console.Out);
        }

        return report.Verdict.ExitCode;
    }
}
