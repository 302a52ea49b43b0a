using System.Text;
using System.Text.RegularExpressions;

namespace Reflink.Cli.Manual;

/// <summary>Writes the source of a manual page in the man macros, which groff and mandoc read.</summary>
internal sealed partial class ManText
{
    /// <summary>Source lines are shorter than this: what is printed is filled by the formatter.</summary>
    private const int Width = 79;

    /// <summary>Lines of examples, which are printed as they are, are shorter than this.</summary>
    private const int ExampleWidth = 68;

    private readonly StringBuilder _text = new();

    public ManText Title(string name, string date, string source) =>
        Macro($".TH {Escape(name.ToUpperInvariant())} 1 {Escape(date)} \"{Escape(source)}\" \"Reflink\"").Macro(".nh").Macro(".ad l");

    public ManText Section(string heading) => Macro($".SH {heading}");

    public ManText Break() => Macro(".PP");

    /// <summary>Sentences, one at least on a line of its own, as formatters want it.</summary>
    public ManText Sentences(string text)
    {
        foreach (var line in Ends().Split(text.Trim()).SelectMany(sentence => Reporting.TextLines.Wrap(Escape(sentence).Split(' ').Select(Breakable), Width)))
        {
            Macro(line[0] is '.' or '\'' ? $"\\&{line}" : line);
        }

        return this;
    }

    /// <summary>A word in bold, what follows it in italics, and below it what it means.</summary>
    public ManText Entry(string word, string follows, string meaning) => Macro(".TP")
        .Macro($"\\fB{Escape(word)}\\fR{(follows.Length == 0 ? "" : $" \\fI{Escape(follows)}\\fR")}").Sentences(meaning.Length == 0 ? "No more is said of it." : meaning);

    /// <summary>A bold beginning and the rest of a line.</summary>
    public ManText Line(string bold, string rest) => Macro($"\\fB{Escape(bold)}\\fR{(rest.Length == 0 ? "" : $" {Escape(rest)}")}");

    /// <summary>A command line to copy, broken between words as a shell takes it.</summary>
    public ManText Example(string line)
    {
        Macro(".RS 4").Macro(".nf");
        var lines = Reporting.TextLines.Wrap(Words().Matches(line).Select(m => m.Value), ExampleWidth).ToList();
        foreach (var (i, part) in lines.Index())
        {
            Macro((i == 0 ? "" : "    ") + Escape(part) + (i < lines.Count - 1 ? " \\e" : ""));
        }

        return Macro(".fi").Macro(".RE");
    }

    public override string ToString() => _text.ToString();

    private ManText Macro(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    // A list without blanks may be broken behind its commas.
    private static string Breakable(string word) => word.Length < Width / 4 ? word : Commas().Replace(word, ",\\:");

    // Quotes and dashes are meant as they are typed, and not as typographers set them.
    private static string Escape(string text) => string.Concat(text.Select(c => c switch
    {
        '\\' => "\\e",
        '-' => "\\-",
        '\'' => "\\(aq",
        '"' => "\\(dq",
        '`' => "\\(ga",
        '^' => "\\(ha",
        '~' => "\\(ti",
        > '~' => $"\\[u{(int)c:X4}]",
        _ => c.ToString(),
    }));

    [GeneratedRegex(",(?=.)")]
    private static partial Regex Commas();

    [GeneratedRegex(@"(?<=[.?!]) +(?=[A-Z])")]
    private static partial Regex Ends();

    [GeneratedRegex(@"(?:'[^']*'|\S)+")]
    private static partial Regex Words();
}
