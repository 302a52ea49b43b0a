using System.CommandLine;
using System.Reflection;

namespace Reflink.Cli.Manual;

/// <summary>The manual page of one command, made of what its help is made of.</summary>
internal sealed class ManPage
{
    private static readonly (string Name, string Meaning)[] s_environment =
    [
        ("COLUMNS", "How many columns the tables of a command may take whose output goes into a file or a pipe: 80 if it is not set. On a terminal they take what it has."),
        ("NO_COLOR", "If it is set, progress bars have no colours. Nothing else has any."),
    ];

    private readonly IReadOnlyList<Command> _path;
    private readonly Command _command;

    /// <summary>A page.</summary>
    /// <param name="path">The command, behind those that it is a subcommand of.</param>
    public ManPage(IReadOnlyList<Command> path) => (_path, _command) = (path, path[^1]);

    /// <summary>What the page is called: reflink-volume-put.</summary>
    public string Name => string.Join('-', _path.Select(c => c.Name));

    /// <summary>The name of its file.</summary>
    public string FileName => $"{Name}.1";

    /// <summary>A page for a command and each below it.</summary>
    public static IEnumerable<ManPage> AllOf(params IReadOnlyList<Command> path) =>
        [new(path), .. path[^1].Subcommands.Where(c => !c.Hidden).SelectMany(below => AllOf([.. path, below]))];

    public override string ToString()
    {
        var (does, details) = Parts(_command.Description ?? "");
        var text = new ManText().Title(Name, Metadata("ReleaseDate"), $"reflink {Version()}")
            .Section("NAME").Sentences($"{Name} - {char.ToLowerInvariant(does[0])}{does.TrimEnd('.')[1..]}")
            .Section("SYNOPSIS").Line(string.Join(' ', _path.Select(c => c.Name)), Takes())
            .Section("DESCRIPTION").Sentences(does);
        Describe(text, details);
        AddCommands(text);
        AddOptions(text);
        AddExamples(text);
        text.Section("EXIT STATUS");
        foreach (var (code, meaning) in ExitCode.Meanings)
        {
            text.Entry($"{code}", "", meaning);
        }

        text.Section("ENVIRONMENT");
        foreach (var (name, meaning) in s_environment)
        {
            text.Entry(name, "", meaning);
        }

        return AddRelatives(text).ToString();
    }

    private static void Describe(ManText text, IEnumerable<string> details)
    {
        foreach (var line in details)
        {
            var at = line.Trim().IndexOf("  ", StringComparison.Ordinal);
            if (line.StartsWith("  ", StringComparison.Ordinal) && at > 0)
            {
                var usage = line.Trim()[..at].Split(' ', 2);
                text.Entry(usage[0], usage.Length > 1 ? usage[1] : "", line.Trim()[at..].Trim());
            }
            else
            {
                text.Break().Sentences(line);
            }
        }
    }

    private void AddCommands(ManText text)
    {
        if (_command.Subcommands.Count > 0)
        {
            text.Section("COMMANDS");
        }

        foreach (var below in _command.Subcommands.Where(c => !c.Hidden))
        {
            text.Entry(below.Name, Takes(below), Parts(below.Description ?? "").Does);
        }
    }

    private void AddOptions(ManText text)
    {
        text.Section("OPTIONS");
        foreach (var argument in _command.Arguments)
        {
            text.Entry(argument.Name, "", argument.Description ?? "");
        }

        foreach (var option in _path.SelectMany((c, i) => c.Options.Where(o => !o.Hidden && (i == _path.Count - 1 || o.Recursive))))
        {
            var usual = option is { HasDefaultValue: true, ValueType: var type } && type != typeof(bool) ? option.GetDefaultValue() : null;
            text.Entry(
                string.Join(", ", [.. option.Aliases.Where(a => a.StartsWith('-')), option.Name]), option.ValueType == typeof(bool) ? "" : option.HelpName ?? "",
                $"{option.Description}.{(option.Required ? " It must be given." : "")}{(usual is null ? "" : $" Default: {usual}.")}");
        }
    }

    private void AddExamples(ManText text)
    {
        if (_command is IHasExamples { Examples: { Count: > 0 } examples })
        {
            text.Section("EXAMPLES");
            foreach (var (line, does) in examples)
            {
                text.Break().Sentences($"{char.ToUpperInvariant(does[0])}{does[1..]}:").Example(line);
            }
        }
    }

    private ManText AddRelatives(ManText text)
    {
        var others = _path.Count > 1 ? [new ManPage([.. _path.SkipLast(1)])] : _command.Subcommands.Select(below => new ManPage([.. _path, below]));
        return text.Section("SEE ALSO").Sentences(string.Join(", ", others.Select(page => $"{page.Name}(1)")));
    }

    private string Takes() => $"{Takes(_command)}{(_command.Subcommands.Count > 0 ? "COMMAND" : "")} [OPTION...]".Trim();

    private static string Takes(Command command) => string.Join(' ', command.Arguments.Select(a => a.Arity switch
    {
        { MaximumNumberOfValues: > 1, MinimumNumberOfValues: 0 } => $"[{a.Name}...]",
        { MaximumNumberOfValues: > 1 } => $"{a.Name}...",
        { MinimumNumberOfValues: 0 } => $"[{a.Name}]",
        _ => a.Name,
    }));

    // The first line says what the command does; further ones go into detail.
    private static (string Does, IEnumerable<string> Details) Parts(string description)
    {
        var lines = description.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (lines[0], lines[1..]);
    }

    private static string Version() => typeof(ManPage).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Metadata(string key) => typeof(ManPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
