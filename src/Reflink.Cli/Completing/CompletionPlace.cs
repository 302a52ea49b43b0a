using System.CommandLine;
using System.CommandLine.Completions;

namespace Reflink.Cli.Completing;

/// <summary>A place on the command line: the subcommands so far, and what may follow them.</summary>
/// <param name="Path">The names of the subcommands, each behind a space; nothing for the command itself.</param>
/// <param name="Words">Subcommands, options and values of arguments.</param>
/// <param name="Values">Of each option that takes a value, the values that there are; none if it takes any, such as a file.</param>
internal sealed record CompletionPlace(string Path, IReadOnlyList<CompletionWord> Words, IReadOnlyList<(string Option, IReadOnlyList<string> Values)> Values)
{
    /// <summary>Every place, the command itself first.</summary>
    public static IReadOnlyList<CompletionPlace> AllOf(Command root) => [.. Below(root, "", [])];

    private static IEnumerable<CompletionPlace> Below(Command command, string path, IReadOnlyList<Option> inherited)
    {
        var options = command.Options.Concat(inherited).Where(o => !o.Hidden).ToList();
        yield return new CompletionPlace(
            path,
            [
                .. command.Subcommands.Where(c => !c.Hidden).Select(c => new CompletionWord(c.Name, Brief(c.Description))),
                .. command.Arguments.SelectMany(Known).Select(value => new CompletionWord(value, "")),
                .. options.Select(o => new CompletionWord(o.Name, Brief(o.Description))),
            ],
            [.. options.Where(o => o.ValueType != typeof(bool) && o.ValueType != typeof(void)).Select(o => (o.Name, Known(o)))]);
        foreach (var place in command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c, $"{path} {c.Name}", [.. options.Where(o => o.Recursive)])))
        {
            yield return place;
        }
    }

    private static IReadOnlyList<string> Known(Symbol symbol) => [.. symbol.GetCompletions(CompletionContext.Empty).Select(c => c.Label)];

    // The first sentence, or what comes before its first break.
    private static string Brief(string? description) => (description ?? "").Split(". ")[0].Split(';', ':')[0].TrimEnd('.');
}
