using System.Text;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Writes what a scenario does as C#, line by line. Actions tell it what they give names and what they do; it keeps indentation and decides what becomes a variable.</summary>
internal sealed class CSharpWriter(string file, CSharpNames names)
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _endsBlock;

    /// <summary>All that was written.</summary>
    public string Text => _text.ToString();

    /// <summary>A line; an empty one has no blanks.</summary>
    public void Line(string line)
    {
        // What follows a block stands apart, unless it belongs to it or ends the one around it.
        if (_endsBlock && line.Length > 0 && !line.StartsWith('}') && line != "else" && !line.StartsWith("catch ", StringComparison.Ordinal))
        {
            _text.Append('\n');
        }

        _endsBlock = line == "}";
        _text.Append(' ', line.Length == 0 ? 0 : _depth * 4).Append(line).Append('\n');
    }

    /// <summary>Lines in braces.</summary>
    public void Block(Action body, string end = "}")
    {
        Line("{");
        Indented(body);
        Line(end);
    }

    /// <summary>Lines one step further in.</summary>
    public void Indented(Action body)
    {
        _depth++;
        body();
        _depth--;
    }

    /// <summary>Actions in braces: a block in which variables may be declared.</summary>
    public void Body(IReadOnlyList<ScenarioAction> actions, string? last = null) => names.Inside(() => Block(() =>
    {
        All(actions);
        if (last is not null)
        {
            Line(last);
        }
    }));

    /// <summary>A loop: the variable is the name of the scenario, unless that means something else, too.</summary>
    public void Loop(string? name, string values, IReadOnlyList<ScenarioAction> actions) => names.Inside(() =>
    {
        var variable = name is null ? names.Fresh("turn") : names.LoopVariable(name);
        var each = variable ?? names.Fresh("each");
        Line($"foreach (var {each} in {values})");
        Block(() =>
        {
            if (variable is null)
            {
                Give(names.Given(name!), each);
            }

            All(actions);
        });
    });

    /// <summary>Gives a name a value. The expression is written before, since it may ask for the same name.</summary>
    public void Assign(string name, string expression) => Give(names.Assign(name), expression);

    /// <summary>The same, and records the value. Nobody needs a variable that nobody asks for.</summary>
    public void Record(string name, string expression)
    {
        var given = names.Assign(name);
        var record = $"lab.Record({CSharpExpression.Quoted(name)}, {expression})";
        if (names.IsRead(name))
        {
            Give(given, record);
        }
        else
        {
            Line($"{record};");
        }
    }

    /// <summary>A name that nothing else has.</summary>
    public string Fresh(string name) => names.Fresh(name);

    /// <summary>Notes that a step gives names values which the laboratory keeps.</summary>
    public void Keep(IEnumerable<string> kept) => names.Keep(kept);

    /// <summary>A formula.</summary>
    /// <exception cref="ReflinkException">EOPNOTSUPP: C# has no such expression; the message names the line.</exception>
    public CSharpExpression Expression(Formula formula, YamlPiece at)
    {
        try
        {
            return formula.CSharp(names.Read);
        }
        catch (NotSupportedException e)
        {
            throw new ReflinkException(Errno.EOPNOTSUPP, $"{file}:{at.Line}: {e.Message} cannot be printed as C#; write it otherwise, or give it a name with 'let' before", e);
        }
    }

    /// <summary>A formula that is true or false.</summary>
    public string Condition(Formula formula, YamlPiece at) => Expression(formula, at) is var written && written.Type is CSharpType.Truth or CSharpType.Value ? written.Text : written.AsValue().Text;

    /// <summary>A text with values in it, as a string.</summary>
    public string String(Template template) => template.IsFixed ? CSharpExpression.Quoted(Fixed(template))
        : $"$\"{string.Concat(template.Parts.Select(part => part.Formula is { } formula ? Hole(formula, template.At) : Braced(part.Text)))}\"";

    /// <summary>A text with values in it, where a value is taken: a single formula as it is.</summary>
    public string Argument(Template template) => template.Parts is [(_, { } formula)] ? Expression(formula, template.At).Text : String(template);

    /// <summary>What a text with values in it means: a number, true or false, or the text.</summary>
    public string Meaning(Template template) => template.IsFixed ? Meaning(Fixed(template)) : $"Value.Of({String(template)})";

    /// <summary>What a text means: a number with a unit is written with it.</summary>
    public static string Meaning(string text) => Formula.Meaning(text) switch
    {
        long or double when !text.All(char.IsAsciiDigit) || text.Length > 1 && text[0] == '0' => $"Value.Of({CSharpExpression.Quoted(text)})",
        long number when text.Length < 10 => text,
        var value => CSharpExpression.Literal(value).Text,
    };

    /// <summary>The line of a step, its words in quotes where they would be cut.</summary>
    public string Step(string name, IReadOnlyList<Template> words)
    {
        var hasValues = words.Any(word => !word.IsFixed);
        var line = string.Join(' ', words.Select(word => word.Parts.Count == 0 ? "''" : string.Concat(word.Parts.Select(part =>
            part.Formula is { } formula ? Hole(formula, word.At) : hasValues ? Braced(StepWords.Quoted(part.Text)) : CSharpExpression.Escaped(StepWords.Quoted(part.Text))))).Prepend(name));
        return $"{(hasValues ? "$" : "")}\"{line}\"";
    }

    private void All(IReadOnlyList<ScenarioAction> actions)
    {
        foreach (var action in actions)
        {
            action.Write(this);
        }
    }

    private void Give((string Written, bool IsNew) name, string expression) => Line($"{(name.IsNew ? "Value " : "")}{name.Written} = {expression};");

    private static string Fixed(Template template) => string.Concat(template.Parts.Select(part => part.Text));

    private static string Braced(string text) => CSharpExpression.Escaped(text).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    // A colon that stands alone would begin a format.
    private string Hole(Formula formula, YamlPiece at) => $"{{{Expression(formula, at).AsValue().Within(CSharpExpression.Choice + 1)}}}";
}
