using System.Text;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>A text in which <c>${formula}</c> stands for a value; <c>$$</c> is one dollar sign.</summary>
internal sealed class Template
{
    private readonly IReadOnlyList<(string Text, Formula? Formula)> _parts;

    private Template(IReadOnlyList<(string Text, Formula? Formula)> parts, YamlPiece at) => (_parts, At) = (parts, at);

    /// <summary>Where it stands.</summary>
    public YamlPiece At { get; }

    /// <summary>What it asks for by name.</summary>
    public IEnumerable<string> Names => _parts.SelectMany(part => part.Formula?.Names ?? []);

    /// <summary>Whether it always gives the same text.</summary>
    public bool IsFixed => _parts.All(part => part.Formula is null);

    /// <summary>Its parts in order: a text that is as written, or a formula.</summary>
    public IReadOnlyList<(string Text, Formula? Formula)> Parts => _parts;

    /// <summary>Reads a text; what is wrong with it is then among the problems.</summary>
    public static Template Read(string text, YamlPiece at, ScenarioProblems problems)
    {
        var (parts, plain) = (new List<(string, Formula?)>(), new StringBuilder());
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '$' || i + 1 == text.Length || text[i + 1] is not ('$' or '{'))
            {
                plain.Append(text[i++]);
                continue;
            }

            if (text[i + 1] == '$')
            {
                plain.Append('$');
                i += 2;
                continue;
            }

            var end = End(text, i);
            if (end < 0)
            {
                problems.Add(at, $"'{Scenarios.Text.Words.Short(text)}' has a ${{ without a }}; close it, or write $$ for a dollar sign");
                break;
            }

            parts.Add((plain.ToString(), null));
            plain.Clear();
            parts.Add(("", Formula.Read(text[(i + 2)..end], at, problems)));
            i = end + 1;
        }

        parts.Add((plain.ToString(), null));
        return new Template([.. parts.Where(part => part.Item1.Length > 0 || part.Item2 is not null)], at);
    }

    /// <summary>A text as it is, whatever is in it.</summary>
    public static Template Plain(string text, YamlPiece at) => new([(text, null)], at);

    /// <summary>The text with all values in it.</summary>
    public string Text(Func<Formula, object> valueOf) =>
        string.Concat(_parts.Select(part => part.Formula is { } formula ? Formula.Show(valueOf(formula)) : part.Text));

    /// <summary>Cuts a line into words at blanks outside of quotes and of <c>${...}</c>; null if a quote is not closed.</summary>
    public static IReadOnlyList<string>? Words(string line)
    {
        // A formula becomes one character of the private use area meanwhile, so that its blanks and quotes divide nothing.
        var (formulas, hidden) = (new List<string>(), new StringBuilder());
        for (var i = 0; i < line.Length;)
        {
            var end = line.AsSpan(i).StartsWith("${") ? End(line, i) : -1;
            if (end < 0)
            {
                hidden.Append(line[i++]);
                continue;
            }

            hidden.Append(Hidden).Append((char)(Hidden + 1 + formulas.Count));
            formulas.Add(line[i..(end + 1)]);
            i = end + 1;
        }

        return Experiments.StepWords.Split(hidden.ToString())?.ConvertAll(word => Shown(word, formulas));
    }

    private const char Hidden = '\uE000';

    private static string Shown(string word, List<string> formulas)
    {
        var shown = new StringBuilder();
        for (var i = 0; i < word.Length; i++)
        {
            var number = word[i] == Hidden && i + 1 < word.Length ? word[i + 1] - Hidden - 1 : -1;
            var isFormula = number >= 0 && number < formulas.Count;
            shown.Append(isFormula ? formulas[number] : word[i].ToString());
            i += isFormula ? 1 : 0;
        }

        return shown.ToString();
    }

    private static int End(string text, int start) => text.IndexOf('}', start);
}
