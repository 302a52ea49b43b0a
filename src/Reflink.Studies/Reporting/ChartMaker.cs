using System.Globalization;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Sweeps;

namespace Reflink.Studies.Reporting;

/// <summary>
/// Makes the charts of a study from its table: those that the scenario asks for, or else one for each column of numbers. Parameters
/// that a chart does not name become lines as long as there are few, and otherwise panels side by side.
/// </summary>
internal sealed class ChartMaker
{
    private const int MostLines = 7;
    private const int MostPanels = 12;
    private const string Seed = "seed";

    private readonly ResultTable _table;
    private readonly Scenario _scenario;
    private readonly List<IReadOnlyList<object?>> _rows;
    private readonly List<IReadOnlyList<object?>> _values;
    private readonly List<ScenarioParameter> _varying;

    public ChartMaker(ResultTable table)
    {
        (_table, _scenario) = (table, table.Scenario);
        var failed = table.Failures.Select(f => f.Run).ToHashSet(StringComparer.Ordinal);

        // What a run had measured when it failed cannot be compared with runs that came to their end.
        _rows = [.. table.Rows.Where(row => !failed.Contains(RunName.Of(table, row)))];
        _values = [.. _rows.Select(Values)];
        _varying = [.. _scenario.Parameters.Where(p => p.Texts.Count > 1)];
    }

    /// <summary>All charts.</summary>
    public IReadOnlyList<ChartData> All() => _rows.Count == 0 ? [] : [.. Wanted().SelectMany(Panels)];

    private IEnumerable<ScenarioChart> Wanted() => _scenario.Charts.Count > 0 ? _scenario.Charts : Usual();

    private IEnumerable<ScenarioChart> Usual()
    {
        var x = _varying.Count > 0 ? _varying[0].Name : _scenario.Seeds.Count > 1 ? Seed : null;
        var kind = _varying.Count > 0 && ChartAxis.AreNumbers(_varying[0].Texts) ? ChartKind.Line : ChartKind.Bar;
        return x is null ? [] : _table.Columns.Skip(_table.KeyCount)
            .Where(y => _rows.Exists(row => ChartPoint.Number(row[Column(y)]) is not null))
            .Select(y => new ScenarioChart($"{y} by {x}", kind, x, [y], null));
    }

    private IEnumerable<ChartData> Panels(ScenarioChart chart)
    {
        var (lines, count) = (new List<string>(), chart.Y.Count);
        if (chart.By is { } by)
        {
            lines.Add(by);
            count *= Math.Max(1, Texts(by).Count);
        }

        var others = new List<string>();
        foreach (var parameter in _varying.Where(p => IsParameter(chart.X) && p.Name != chart.X && p.Name != chart.By))
        {
            var isLine = chart.Kind != ChartKind.Heat && count * parameter.Texts.Count <= MostLines;
            (isLine ? lines : others).Add(parameter.Name);
            count *= isLine ? parameter.Texts.Count : 1;
        }

        var missing = Missing(chart);
        if (missing.Count > 0 && (missing.Contains(chart.X) || missing.Count == chart.Y.Count))
        {
            return [new ChartData(chart.Title, "", chart.Kind, chart.X, string.Join(", ", chart.Y), "", [], [], [], $"Nothing is drawn here: {Told(missing)}")];
        }

        var panels = Points(chart).GroupBy(p => Words(others, p.Row)).ToList();
        var note = missing.Count > 0 ? $"Some of it is not drawn: {Told(missing)}" : "";
        var cut = panels.Count > MostPanels ? $"{panels.Count - MostPanels} of {panels.Count} panels are not shown: a chart has {MostPanels} at the most, one for each {string.Join(" and ", others)}" : "";
        return panels.Take(MostPanels).Select((panel, i) => Draw(chart, panel.Key, lines, [.. panel]) with { Note = i == MostPanels - 1 && cut.Length > 0 ? cut : note });
    }

    // What has no number in any run and is to be drawn as one.
    private List<string> Missing(ScenarioChart chart) =>
        [.. chart.Y.Concat(IsParameter(chart.X) ? [] : [chart.X]).Distinct().Where(name => !_values.Exists(row => ChartPoint.Number(row[Column(name)]) is not null))];

    private static string Told(List<string> names) => $"{string.Join(" and ", names)} {(names.Count == 1 ? "has" : "have")} no number in any run; the table of all runs shows what is there instead";

    // Seeds are repetitions, unless the chart shows them.
    private IEnumerable<ChartPoint> Points(ScenarioChart chart)
    {
        var keys = _table.KeyCount - (chart.X == Seed || chart.By == Seed ? 0 : 1);
        return _rows.GroupBy(row => string.Join('\0', row.Take(keys))).Select(group => new ChartPoint(group.First(), [.. group.Select(Values)]));
    }

    private ChartData Draw(ScenarioChart chart, string panel, List<string> lines, List<ChartPoint> points)
    {
        var isParameter = IsParameter(chart.X);
        var x = Column(chart.X);
        var placed = points.Where(p => isParameter || p.Median(x) is not null).ToList();
        var axis = isParameter ? ChartAxis.OfTexts(Texts(chart.X)) : ChartAxis.OfNumbers(placed.Select(p => p.Median(x)!.Value));
        int Place(ChartPoint point) => isParameter ? axis.IndexOf(Text(point.Row[x])) : axis.IndexOf(point.Median(x)!.Value);
        var drawn = placed.GroupBy(p => Words(lines, p.Row)).SelectMany(group => chart.Y.Select(y => Line(
            string.Join(", ", ((string[])[chart.Y.Count > 1 || group.Key.Length == 0 ? y : "", group.Key]).Where(word => word.Length > 0)),
            Column(y), axis.Positions.Count, group.Select(p => (Place(p), p)))));
        return new ChartData(chart.Title, panel, chart.Kind, chart.X, string.Join(", ", chart.Y), string.Join(", ", lines), axis.Positions, axis.Labels, [.. drawn], "");
    }

    private static ChartLine Line(string name, int column, int count, IEnumerable<(int Place, ChartPoint Point)> points)
    {
        var (middle, low, high) = (new double?[count], new double?[count], new double?[count]);
        foreach (var (place, point) in points.Where(p => p.Point.Numbers(column).Count > 0))
        {
            var spread = Spread.Of(point.Numbers(column));
            (middle[place], low[place], high[place]) = (spread.Median, spread.Low, spread.High);
        }

        return new ChartLine(name, middle, low, high);
    }

    // Parameters as formulas see them, so that they can be drawn.
    private IReadOnlyList<object?> Values(IReadOnlyList<object?> row) => [.. row.Select((cell, column) => cell is string text && column < _table.KeyCount ? ScenarioParameter.ValueOf(text) : cell)];

    private bool IsParameter(string column) => Column(column) < _table.KeyCount;

    private IReadOnlyList<string> Texts(string name) => name == Seed ? [.. _scenario.Seeds.Select(seed => Text(seed))]
        : _scenario.Parameters.FirstOrDefault(p => p.Name == name)?.Texts ?? [];

    private int Column(string name) => ((List<string>)[.. _table.Columns]).IndexOf(name);

    private string Words(List<string> names, IReadOnlyList<object?> row) => string.Join(", ", names.Select(name => $"{name} {Text(row[Column(name)])}"));

    private static string Text(object? cell) => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "";
}
