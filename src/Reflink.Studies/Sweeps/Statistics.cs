using System.Globalization;
using Reflink.Machines;

namespace Reflink.Studies.Sweeps;

/// <summary>What the seeds of a study say together: a spread for each combination of values, and whether other values make a difference. Runs that failed do not count.</summary>
public static class Statistics
{
    /// <summary>The verdict on a difference that may as well be none.</summary>
    public const string Noise = "no difference beyond the noise";

    /// <summary>A row for each combination of values and each column of numbers.</summary>
    public static SnapshotTable Summary(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var keys = table.KeyCount - 1;
        var rows = Groups(table, row => Key(row.Take(keys))).SelectMany(group => Numbers(table).Select(column =>
        {
            var values = group.Select(row => Number(row[column])).OfType<double>().ToList();
            return values.Count == 0 ? null : (IReadOnlyList<object?>)[.. table.Values(group[0]).Take(keys), table.Columns[column], .. Cells(Spread.Of(values))];
        }).OfType<IReadOnlyList<object?>>());
        return new("what several seeds gave", [.. table.Columns.Take(keys), "column", "runs", "median", "low", "high", "least", "most"], [.. rows]);
    }

    /// <summary>A row for each combination of values; a cell is the median, with its interval in brackets where the seeds differ.</summary>
    public static SnapshotTable Medians(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var (keys, columns) = (table.KeyCount - 1, Numbers(table).ToList());
        var rows = Groups(table, row => Key(row.Take(keys))).Select(group =>
            (IReadOnlyList<object?>)[.. group[0].Take(keys), (long)group.Count, .. columns.Select(column => Cell([.. group.Select(row => Number(row[column])).OfType<double>()]))]);
        return new("", [.. table.Columns.Take(keys), "seeds", .. columns.Select(column => table.Columns[column])], [.. rows]);
    }

    /// <summary>
    /// For each parameter what its other values change against the first, everything else and the seed being equal: the median of the differences, and
    /// whether they are more than noise. Without six seeds at least nothing can be said.
    /// </summary>
    public static SnapshotTable Differences(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var rows = table.Scenario.Seeds.Count < Spread.LeastForInterval ? [] : table.Scenario.Parameters.Index().Where(p => p.Item.Texts.Count > 1).SelectMany(p => Differences(table, p.Index)).ToList();
        return new("what other values change", ["parameter", "from", "to", "others", "column", "pairs", "median", "low", "high", "verdict"], rows);
    }

    private static IEnumerable<IReadOnlyList<object?>> Differences(ResultTable table, int parameter)
    {
        var (first, keys) = (table.Scenario.Parameters[parameter].Texts[0], table.KeyCount);
        var basis = table.Succeeded.Where(row => (string?)row[parameter] == first).ToDictionary(row => Key(Others(row, parameter, keys)), StringComparer.Ordinal);
        foreach (var group in Groups(table, row => (string)row[parameter]! == first ? null : Key(row.Take(keys - 1))))
        {
            foreach (var column in Numbers(table))
            {
                var differences = group.Select(row => basis.TryGetValue(Key(Others(row, parameter, keys)), out var other) ? Number(row[column]) - Number(other[column]) : null).OfType<double>().ToList();
                if (differences.Count < Spread.LeastForInterval)
                {
                    continue;
                }

                var spread = Spread.Of(differences);
                var others = string.Join(", ", table.Columns.Take(keys - 1).Zip(group[0]).Where((_, i) => i != parameter).Select(pair => $"{pair.First} {pair.Second}"));
                yield return
                [
                    table.Columns[parameter], first, group[0][parameter], others, table.Columns[column], (long)spread.Count, spread.Median, spread.Low, spread.High,
                    spread.MayBeZero ? Noise : spread.Median > 0 ? "more" : "less",
                ];
            }
        }
    }

    private static object? Cell(IReadOnlyList<double> values) => values.Count == 0 ? null
        : Spread.Of(values) is var s && s.Least < s.Most ? string.Create(CultureInfo.InvariantCulture, $"{s.Median:0.##} [{s.Low:0.##}, {s.High:0.##}]")
        : Math.Floor(s.Median) == s.Median && Math.Abs(s.Median) < 1L << 53 ? (long)s.Median
        : s.Median.ToString("0.##", CultureInfo.InvariantCulture);

    private static List<IReadOnlyList<IReadOnlyList<object?>>> Groups(ResultTable table, Func<IReadOnlyList<object?>, string?> key)
    {
        var groups = new OrderedDictionary<string, List<IReadOnlyList<object?>>>(StringComparer.Ordinal);
        foreach (var row in table.Succeeded)
        {
            if (key(row) is { } name)
            {
                if (!groups.TryGetValue(name, out var rows))
                {
                    groups.Add(name, rows = []);
                }

                rows.Add(row);
            }
        }

        return [.. groups.Values];
    }

    // The columns that have a number in some row.
    private static IEnumerable<int> Numbers(ResultTable table) =>
        Enumerable.Range(table.KeyCount, table.Columns.Count - table.KeyCount).Where(column => table.Rows.Any(row => Number(row[column]) is not null));

    private static IEnumerable<object?> Others(IReadOnlyList<object?> row, int parameter, int keys) => row.Take(keys).Where((_, i) => i != parameter);

    private static string Key(IEnumerable<object?> cells) => string.Join('\0', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture)));

    private static double? Number(object? cell) => cell switch { long whole => whole, double number => number, _ => null };

    private static IEnumerable<object?> Cells(Spread spread) => [(long)spread.Count, spread.Median, spread.Low, spread.High, spread.Least, spread.Most];
}
