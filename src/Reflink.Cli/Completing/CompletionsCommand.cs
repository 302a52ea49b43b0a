using System.CommandLine;
using System.CommandLine.Parsing;

namespace Reflink.Cli.Completing;

/// <summary>Prints the script by which a shell completes this command. It is made from the commands as they are.</summary>
internal sealed class CompletionsCommand : Command, IHasExamples
{
    private static readonly Dictionary<string, Func<IReadOnlyList<CompletionPlace>, string>> s_shells = new(StringComparer.Ordinal)
    {
        ["bash"] = BashScript.Of,
        ["zsh"] = ZshScript.Of,
        ["fish"] = FishScript.Of,
    };

    private static readonly string s_known = string.Join(',', s_shells.Keys);

    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = $"One of {s_known}",
        CustomParser = Parse,
    };

    public CompletionsCommand()
        : base("completions", "Prints a script that completes commands, options and values in a shell.")
    {
        _shell.CompletionSources.Add([.. s_shells.Keys]);
        Arguments.Add(_shell);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("source <(reflink completions bash)", "completes in this bash; in ~/.bashrc, in every one. zsh takes the same line with zsh for bash"),
        ("reflink completions fish > ~/.config/fish/completions/reflink.fish", "completes in every fish"),
    ];

    private static string Parse(ArgumentResult result)
    {
        var name = result.Tokens[0].Value;
        if (!s_shells.ContainsKey(name))
        {
            result.AddError($"SHELL takes one of {s_known}, not '{name}'{UnknownWords.Hint(name, s_shells.Keys)}");
        }

        return name;
    }

    private int Run(ParseResult line)
    {
        Console.Out.Write(s_shells[line.GetValue(_shell)!](CompletionPlace.AllOf(line.RootCommandResult.Command)));
        return ExitCode.Success;
    }
}
