using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Reflink.Units;

namespace Reflink.Cli.Manual;

/// <summary>Prints manual pages, or writes all of them into a folder.</summary>
internal sealed class ManCommand : Command, IHasExamples
{
    private readonly Argument<string[]> _words = new("COMMAND")
    {
        Description = "The command whose page is printed, such as volume put; reflink itself if none is named",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _output = OptionKinds.Path("--output", "Write a page for every command into this folder, which is made if it is not there", "FOLDER");

    public ManCommand()
        : base("man", "Prints the manual page of a command for man(1), or writes all pages into a folder.")
    {
        Arguments.Add(_words);
        Options.Add(_output);
        Validators.Add(Validate);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples { get; } =
    [
        ("reflink man | man -l -", "the page of reflink, as man shows it"),
        ("reflink man ksm run vm-fleet | man -l -", "the page of one command"),
        ("reflink man --output ~/.local/share/man/man1", "all pages where man finds them: man reflink-compare"),
    ];

    private void Validate(CommandResult result)
    {
        if (result.IsGiven(_output) && result.GetResult(_words) is { Tokens.Count: > 0 })
        {
            result.AddError("COMMAND and --output exclude each other; --output writes every page");
        }
    }

    private int Run(ParseResult line)
    {
        if (line.GetValue(_output) is { } folder)
        {
            Write(folder, line.RootCommandResult.Command);
            return ExitCode.Success;
        }

        List<Command> path = [line.RootCommandResult.Command];
        foreach (var word in line.GetValue(_words)!)
        {
            if (path[^1].Subcommands.FirstOrDefault(c => c.Name == word) is not { } next)
            {
                var known = path[^1].Subcommands.Select(c => c.Name);
                return Failures.Print(
                    ExitCode.Usage, null, $"there is no command '{word}' of '{string.Join(' ', path.Select(c => c.Name))}'{UnknownWords.Hint(word, known)}; '{string.Join(' ', path.Select(c => c.Name))} --help' names them");
            }

            path.Add(next);
        }

        Console.Out.Write(new ManPage(path));
        return ExitCode.Success;
    }

    private static void Write(string folder, Command root)
    {
        if (File.Exists(folder))
        {
            throw new ReflinkException(Errno.ENOTDIR, $"'{folder}' is a file; name a folder");
        }

        HostText.Open(folder, () => Directory.CreateDirectory(folder), "cannot be made; name a folder in one where you may write");
        foreach (var page in ManPage.AllOf(root))
        {
            HostOutput.Write(Path.Combine(folder, page.FileName), stream => stream.Write(Encoding.UTF8.GetBytes($"{page}")));
        }
    }
}
