using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Reflink.Studies.Experiments;
using Reflink.Studies.Plotting;

namespace Reflink.Cli;

/// <summary>Options whose values are checked before anything runs, with failures that name the option and what it takes.</summary>
internal static class OptionKinds
{
    /// <summary>As a file name: standard input or output.</summary>
    public const string Standard = "-";

    public static Option<int> Count(string name, int value, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result => ParseCount(name, result),
    };

    /// <summary>A count that nothing is assumed for.</summary>
    public static Option<int?> OptionalCount(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => ParseCount(name, result),
    };

    /// <summary>A part of a whole, not nothing.</summary>
    public static Option<decimal?> Percent(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "PERCENT",
        CustomParser = result => Parsed<decimal>(
            name, result, text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var part) && part is > 0 and <= 100 ? part : null,
            "a percentage above 0 and up to 100, such as 2.5"),
    };

    /// <summary>A number of bytes, with a unit if one is written.</summary>
    public static Option<ByteSize> Size(string name, long value, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        DefaultValueFactory = _ => new ByteSize(value),
        CustomParser = result => Parsed<ByteSize>(name, result, text => ByteSize.TryParse(text, out var size) ? new ByteSize(size) : null, ByteSize.Takes) ?? default,
    };

    /// <summary>How much a fault maps at once, as <see cref="MachineOptions.FaultAround"/> takes it.</summary>
    public static Option<ByteSize> FaultAround(long value, string description)
    {
        var (least, most) = (new ByteSize(Page.Size), new ByteSize(MachineOptions.MaxFaultAround));
        const string Name = "--fault-around";
        return new(Name)
        {
            Description = description,
            HelpName = "SIZE",
            DefaultValueFactory = _ => new ByteSize(value),
            CustomParser = result => Parsed<ByteSize>(
                Name, result, text => ByteSize.TryParse(text, out var size) && size is >= Page.Size and <= MachineOptions.MaxFaultAround && System.Numerics.BitOperations.IsPow2(size) ? new ByteSize(size) : null,
                $"a power of two from {least}, the page alone, to {most}, such as 64KiB") ?? least,
        };
    }

    /// <summary>A number of bytes that nothing is assumed for.</summary>
    public static Option<ByteSize?> OptionalSize(string name, string description, long least = 0) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result => Parsed<ByteSize>(
            name, result, text => ByteSize.TryParse(text, out var size) && size >= least ? new ByteSize(size) : null,
            ByteSize.Takes + (least == 0 ? "" : $", {new ByteSize(least)} at the least")),
    };

    /// <summary>What a generator of random numbers starts with.</summary>
    public static Option<ulong> Seed(string name, ulong value, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result => Parsed<ulong>(
            name, result, text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null,
            $"a whole number from 0 to {ulong.MaxValue}") ?? 0,
    };

    /// <summary>A whole number within limits.</summary>
    public static Option<long> Number(string name, long value, long least, long most, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result => Parsed<long>(
            name, result, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null,
            $"a whole number from {least} to {most}") ?? 0,
    };

    public static Option<string?> Path(string name, string description, string called = "FILE") => new(name)
    {
        Description = description,
        HelpName = called,
        CustomParser = result => Checked(name, result, path => path.Length == 0 ? $"takes the name of a {called.ToLowerInvariant()}, not nothing" : PathProblem(path)),
    };

    /// <summary>Where to read or write; a dash is standard input or output.</summary>
    public static Option<string?> Stream(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "FILE|-",
        CustomParser = result => Checked(name, result, path => path == Standard ? null : PathProblem(path)),
    };

    /// <summary>Where to write; a dash is standard output.</summary>
    public static TargetOption Target(string name, string description, string called = "FILE|-") => new(name)
    {
        Description = description,
        HelpName = called,
        CustomParser = result => Checked(name, result, path => path == Standard && called != "FILE" ? null : PathProblem(path)),
    };

    /// <summary>A file to draw into.</summary>
    public static TargetOption Picture(string name, string what) => new(name)
    {
        Description = $"Draw {what} into this file, whose name ends in {string.Join(" or ", SvgPlot.Extensions)}",
        HelpName = "FILE",
        CustomParser = result => Checked(name, result, path => SvgPlot.Extensions.Contains(System.IO.Path.GetExtension(path))
            ? PathProblem(path) : $"takes the name of a file that ends in {string.Join(" or ", SvgPlot.Extensions)}, not '{path}'"),
    };

    /// <summary>A word or a few, which something reads.</summary>
    public static Option<string> Words(string name, string value, string called, string description, Func<string, bool> isGood, string takes) => new(name)
    {
        Description = description,
        HelpName = called,
        DefaultValueFactory = _ => value,
        CustomParser = result => Checked(name, result, text => isGood(text) ? null : $"takes {takes}; not '{text}'")!,
    };

    /// <summary>A file that must be named.</summary>
    public static Argument<string> File(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Checked(name, result, PathProblem)!,
    };

    /// <summary>A number of bytes that must be named.</summary>
    public static Argument<string> SizeArgument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Checked(name, result, text => ByteSize.TryParse(text, out _) ? null : $"takes {ByteSize.Takes}, not '{text}'")!,
    };

    /// <summary>A word that must not be empty.</summary>
    public static Argument<string> Word(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Checked(name, result, text => text.Length > 0 ? null : "takes a word, not nothing")!,
    };

    /// <summary>A file to read that must be named; a dash is standard input.</summary>
    public static Argument<string> Input(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Checked(name, result, path => path == Standard ? null : PathProblem(path))!,
    };

    /// <summary>Files of which any number may be named.</summary>
    public static Argument<string[]> Files(string name, string description)
    {
        var files = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        files.Validators.Add(result =>
        {
            if (result.Tokens.Select(token => PathProblem(token.Value)).FirstOrDefault(problem => problem is not null) is { } wrong)
            {
                result.AddError($"{name} {wrong}");
            }
        });
        return files;
    }

    /// <summary>One of some words; without a usual value it has to be given.</summary>
    public static Option<string> Choice(string name, IReadOnlyList<string> known, string description, string? value = null)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', known),
            Required = value is null,
            CustomParser = result => Checked(name, result, v => known.Contains(v) ? null : $"takes one of {string.Join(',', known)}, not '{v}'{UnknownWords.Hint(v, known)}")!,
        };
        option.CompletionSources.Add([.. known]);
        if (value is not null)
        {
            option.DefaultValueFactory = _ => value;
        }

        return option;
    }

    /// <summary>Some of some words, behind commas; all of them if nothing is usual. Others may be allowed, too.</summary>
    public static Option<string> List(string name, IReadOnlyList<string> known, string description, string? value = null, Func<string, bool>? others = null)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = "A,B,...",
            DefaultValueFactory = _ => value ?? string.Join(',', known),
            CustomParser = result => Checked(name, result, v => ListProblem(v, known, others))!,
        };
        option.CompletionSources.Add([.. known]);
        return option;
    }

    /// <summary>Finds misspelt options among sites: no file, symbol or probe is typed so.</summary>
    public static void RefuseOptions(this SymbolResult result, string name)
    {
        if (result.Tokens.Any(token => token.Value.Length == 0))
        {
            result.AddError($"{name} takes a site, not nothing; name one, such as PATH:SYMBOL");
        }

        foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
        {
            result.AddError($"{name} takes a site; '{token.Value}' looks like an option, write './{token.Value}' if it is a file");
        }
    }

    /// <summary>Whether the option was written, rather than having its default.</summary>
    public static bool IsGiven(this CommandResult command, Option option) => command.GetResult(option) is { Implicit: false };

    /// <summary>The number that was written, if it is one; asking for the value of one that is not would throw.</summary>
    public static int? GivenCount(this CommandResult command, Option option) =>
        command.GetResult(option) is { Tokens: [var token] } && TryCount(token.Value, out var count) ? count : null;

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;

    private static int ParseCount(string name, ArgumentResult result) =>
        Parsed<int>(name, result, text => TryCount(text, out var count) ? count : null, $"a whole number from 1 to {int.MaxValue}") ?? 0;

    private static T? Parsed<T>(string name, ArgumentResult result, Func<string, T?> parse, string takes)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        var value = parse(text);
        if (value is null)
        {
            result.AddError($"{name} takes {takes}, not '{text}'");
        }

        return value;
    }

    private static string? PathProblem(string path) => path.Length == 0 ? "takes the name of a file, not nothing"
        : path[0] == '-' ? $"takes the name of a file; '{path}' looks like an option, which this command does not have; write './{path}' if it is a file" : null;

    private static string? ListProblem(string list, IReadOnlyList<string> known, Func<string, bool>? others)
    {
        var items = list.Split(',');
        return items.FirstOrDefault(i => !known.Contains(i) && others?.Invoke(i) != true) is { } unknown
            ? $"takes some of {string.Join(',', known)}, not '{unknown}'{UnknownWords.Hint(unknown, known)}"
            : items.Distinct().Count() < items.Length ? $"takes each name once, not '{list}'" : null;
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
