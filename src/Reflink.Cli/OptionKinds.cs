using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Reflink.Cli;

/// <summary>Options whose values are checked before anything runs, with failures that name the option and what it takes.</summary>
internal static class OptionKinds
{
    public static Option<int> Count(string name, int value, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseCount(name, result),
    };

    public static Option<string?> Path(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE",
        CustomParser = result => Checked(name, result, v => v.Length == 0 ? "takes the name of a file, not nothing"
            : v[0] == '-' ? $"takes the name of a file; '{v}' looks like an option, write './{v}' if it is a file" : null),
    };

    public static Option<string> Choice(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        DefaultValueFactory = _ => value,
        CustomParser = result => Checked(name, result, v => v == value ? null : $"takes '{value}', not '{v}'")!,
    };

    public static Option<string[]> List(string name, IReadOnlyList<string> known, string description) => new(name)
    {
        Description = description,
        HelpName = "A,B,...",
        DefaultValueFactory = _ => [.. known],
        CustomParser = result => ParseList(name, known, result),
    };

    /// <summary>Whether the option was written, rather than having its default.</summary>
    public static bool IsGiven(this CommandResult command, Option option) => command.GetResult(option) is { Implicit: false };

    private static int ParseCount(string name, ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1)
        {
            return count;
        }

        result.AddError($"{name} takes a whole number from 1 to {int.MaxValue}, not '{text}'");
        return 0;
    }

    private static string[] ParseList(string name, IReadOnlyList<string> known, ArgumentResult result)
    {
        var items = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        if (items.FirstOrDefault(i => !known.Contains(i)) is { } unknown)
        {
            result.AddError($"{name} takes some of {string.Join(',', known)}, not '{unknown}'");
        }
        else if (items.Distinct().Count() < items.Length)
        {
            result.AddError($"{name} names one twice in '{result.Tokens[0].Value}'; name each once");
        }

        return items;
    }

    private static string? Checked(string name, ArgumentResult result, Func<string, string?> problem)
    {
        var value = result.Tokens[0].Value;
        if (problem(value) is { } wrong)
        {
            result.AddError($"{name} {wrong}");
        }

        return value;
    }
}
