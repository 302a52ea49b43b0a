using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Reading;

/// <summary>Reads what a report is to draw.</summary>
internal sealed class ChartsReader(Reader reader, IReadOnlyList<(string Name, IReadOnlyList<string> Texts)> parameters, IReadOnlyList<string> found)
{
    private static readonly string[] s_kinds = [.. Enum.GetNames<ChartKind>().Select(kind => kind.ToLowerInvariant())];

    public IReadOnlyList<ScenarioChart> Read(YamlPiece piece) => [.. reader.List(piece, "'charts'").Select(ReadOne).OfType<ScenarioChart>()];

    private ScenarioChart? ReadOne(YamlPiece piece)
    {
        if (reader.Map(piece, "a chart", ["title", "kind", "x", "y", "by"], ["x", "y"]) is not { } map || map["x"] is null || map["y"] is null)
        {
            return null;
        }

        var x = Column(map["x"]!);
        var ys = reader.List(map["y"]!, "'y'").Select(Drawn).OfType<string>().ToList();
        var by = map["by"] is { } rows ? Column(rows) : null;
        var title = map["title"] is { } told ? reader.Scalar(told, "'title'")?.Text : $"{string.Join(", ", ys)} by {x}";
        var kind = map["kind"] is { } drawn ? Kind(drawn) : ChartKind.Line;
        if (kind == ChartKind.Heat && (by is null || ys.Count != 1))
        {
            reader.Problems.Add(piece, "a heat map takes one 'y', which colours its cells, and 'by', its rows");
        }

        return x is null || ys.Count == 0 || title is null ? null : new ScenarioChart(title, kind, x, ys, by);
    }

    private ChartKind Kind(YamlPiece piece)
    {
        var text = reader.Scalar(piece, "'kind'")?.Text;
        if (text is not null && s_kinds.Contains(text))
        {
            return Enum.Parse<ChartKind>(text, ignoreCase: true);
        }

        reader.Problems.Add(piece, $"there is no chart of the kind '{text}'; {Words.Known(text ?? "", s_kinds)}");
        return ChartKind.Line;
    }

    // What is recorded may be a text, too, but only the runs tell.
    private string? Drawn(YamlPiece piece)
    {
        var name = Column(piece);
        if (parameters.FirstOrDefault(p => p.Name == name).Texts?.FirstOrDefault(text => Formula.Meaning(text) is string) is not { } word)
        {
            return name;
        }

        reader.Problems.Add(piece, $"'{name}' has the value '{word}', which is no number, so nothing can be drawn for it; name it as 'x' or 'by', and as 'y' what was measured");
        return null;
    }

    private string? Column(YamlPiece piece)
    {
        string[] columns = [.. parameters.Select(p => p.Name), .. found];
        var text = reader.Scalar(piece, "a column")?.Text;
        if (text is not null && !columns.Contains(text))
        {
            reader.Problems.Add(piece, $"results have no column '{text}'; {Words.Known(text, columns)}");
            return null;
        }

        return text;
    }
}
