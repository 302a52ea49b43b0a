using System.CommandLine;
using System.CommandLine.Parsing;
using Reflink.Elf;

namespace Reflink.Cli;

/// <summary>Says what is wrong on a command line, with the word that was probably meant.</summary>
internal static class UnknownWords
{
    /// <summary>What is wrong with a line that has errors. A word that nobody takes is told before what follows from it.</summary>
    public static string Describe(ParseResult line)
    {
        var command = line.CommandResult.Command;
        if (line.UnmatchedTokens is [var word, ..])
        {
            return IsOption(word) ? $"there is no option '{word}'{Hint(word, Options(line.CommandResult))}"
                : command.Subcommands.Count > 0 ? $"there is no command '{word}'{Hint(word, command.Subcommands.Select(c => c.Name))}"
                : $"'{word}' is one word too many";
        }

        // A misspelt option may have been taken as a word of another kind, which its message says.
        var message = Missing(line) ?? line.Errors[^1].Message.TrimEnd('.');
        var misspelt = line.Tokens.FirstOrDefault(t => t.Type == TokenType.Argument && IsOption(t.Value) && message.Contains($"'{t.Value}'", StringComparison.Ordinal));
        return misspelt is null ? message : message + Hint(misspelt.Value, Options(line.CommandResult));
    }

    // What is left out, by the name that help has for it; null if nothing is.
    private static string? Missing(ParseResult line)
    {
        var (command, result) = (line.CommandResult.Command, line.CommandResult);
        return command.Subcommands.Count > 0 ? $"a command of '{command.Name}' is missing: {string.Join(", ", command.Subcommands.Select(c => c.Name))}"
            : command.Options.FirstOrDefault(o => result.IsGiven(o) && result.GetResult(o)!.Tokens.Count < o.Arity.MinimumNumberOfValues) is { } bare ? $"{bare.Name} takes {bare.HelpName}, and nothing follows it"
            : command.Arguments.FirstOrDefault(a => (result.GetResult(a)?.Tokens.Count ?? 0) < a.Arity.MinimumNumberOfValues) is { } argument ? $"{argument.Name} is missing: {argument.Description}"
            : command.Options.FirstOrDefault(o => o.Required && !result.IsGiven(o)) is { } option ? $"{option.Name} is missing; it takes {option.HelpName}"
            : null;
    }

    private static bool IsOption(string word) => word.StartsWith('-') && word.Length > 1;

    private static IEnumerable<string> Options(CommandResult command)
    {
        for (var at = command; at is not null; at = at.Parent as CommandResult)
        {
            foreach (var option in at.Command.Options.Where(o => !o.Hidden && (at == command || o.Recursive)))
            {
                yield return option.Name;
            }
        }
    }

    /// <summary>The name that was meant, in brackets: the only one that begins so, or else the one with the fewest letters that differ.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        var names = known.Select(n => n.TrimStart('-')).ToList();
        var bare = word.TrimStart('-').Split('=')[0];
        var same = names.FirstOrDefault(n => string.Equals(n, bare, StringComparison.OrdinalIgnoreCase));
        var beginning = names.Where(n => bare.Length > 1 && n.StartsWith(bare, StringComparison.Ordinal)).Distinct().ToList();
        var meant = same is not null ? same : beginning.Count == 1 ? beginning[0] : bare.Length > 0 && NearestNames.Of(bare, names) is [var nearest, ..] ? nearest : null;
        return meant is null ? "" : $" (did you mean {(IsOption(word) ? "--" : "")}{meant}?)";
    }
}
