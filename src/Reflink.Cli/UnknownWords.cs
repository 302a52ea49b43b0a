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
        var message = line.Errors[^1].Message.TrimEnd('.');
        var misspelt = line.Tokens.FirstOrDefault(t => t.Type == TokenType.Argument && IsOption(t.Value) && message.Contains($"'{t.Value}'", StringComparison.Ordinal));
        return misspelt is null ? message : message + Hint(misspelt.Value, Options(line.CommandResult));
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

    // The beginning of a single name is meant for it; otherwise the fewest letters that differ decide.
    private static string Hint(string word, IEnumerable<string> known)
    {
        var names = known.Select(n => n.TrimStart('-')).ToList();
        var bare = word.TrimStart('-').Split('=')[0];
        var beginning = names.Where(n => bare.Length > 1 && n.StartsWith(bare, StringComparison.Ordinal)).Distinct().ToList();
        var meant = beginning.Count == 1 ? beginning[0] : NearestNames.Of(bare, names) is [var nearest, ..] ? nearest : null;
        return meant is null ? "" : $" (did you mean {(IsOption(word) ? "--" : "")}{meant}?)";
    }
}
