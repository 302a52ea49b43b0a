using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Reading;

/// <summary>What the readers of a scenario's parts have in common: the problems, the names that are known, and how pieces become values.</summary>
internal sealed class Reader(string file)
{
    public string File => file;

    public ScenarioProblems Problems { get; } = new();

    public KnownNames Names { get; } = new(MetricCatalog.Has);

    /// <summary>A word or number; null, and a problem, if it is a list or a map.</summary>
    public YamlScalar? Scalar(YamlPiece piece, string what)
    {
        if (piece is YamlScalar { Text.Length: > 0 } scalar)
        {
            return scalar;
        }

        Problems.Add(piece, $"{what} {(piece is YamlScalar ? "is empty" : "is a list or a map, and should be a word or a number")}; give it a value");
        return null;
    }

    /// <summary>Items of a list; one word is a list of one.</summary>
    public IReadOnlyList<YamlPiece> List(YamlPiece piece, string what)
    {
        if (piece is YamlList list)
        {
            return list.Items;
        }

        if (piece is YamlScalar { Text.Length: > 0 })
        {
            return [piece];
        }

        Problems.Add(piece, $"{what} takes a list, such as [a, b]");
        return [];
    }

    /// <summary>A map all of whose keys are known; null, and a problem, if it is something else.</summary>
    public YamlMap? Map(YamlPiece piece, string what, IReadOnlyCollection<string> keys, IReadOnlyCollection<string> required)
    {
        if (piece is not YamlMap map)
        {
            Problems.Add(piece, $"{what} takes a map with {string.Join(", ", keys)}, such as {keys.First()}: ...");
            return null;
        }

        foreach (var (key, _) in map.Entries.Where(entry => !keys.Contains(entry.Key.Text)))
        {
            Problems.Add(key, $"{what} has no '{key.Text}'; {Words.Known(key.Text, keys)}");
        }

        foreach (var missing in required.Where(key => map[key] is null))
        {
            Problems.Add(piece, $"{what} needs '{missing}', which is missing; add {missing}: ...");
        }

        return map;
    }

    /// <summary>A formula whose names are all known; null, and a problem, if it is none.</summary>
    public Formula? Formula(YamlPiece piece, string what)
    {
        if (Scalar(piece, what) is not { } scalar)
        {
            return null;
        }

        // People write ${...} here as well as in steps.
        var text = scalar.Text.StartsWith("${", StringComparison.Ordinal) && scalar.Text.IndexOf('}', StringComparison.Ordinal) == scalar.Text.Length - 1 ? scalar.Text[2..^1] : scalar.Text;
        var formula = Text.Formula.Read(text, scalar, Problems);
        Names.Require(formula?.Names ?? [], scalar, Problems);
        return formula;
    }

    /// <summary>A text with values in it, all of whose names are known.</summary>
    public Template Template(string text, YamlPiece at)
    {
        var template = Text.Template.Read(text, at, Problems);
        Names.Require(template.Names, at, Problems);
        return template;
    }
}
