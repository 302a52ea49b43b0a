namespace Reflink.Machines;

/// <summary>
/// The rows that only one of two tables has. Rows name what they are about, so their order says nothing, and tables of a
/// hundred thousand rows are compared in one pass.
/// </summary>
internal static class SnapshotDiff
{
    /// <summary>The columns and the rows that went and came, or nothing if the tables are equal.</summary>
    public static IReadOnlyList<string> Lines(SnapshotTable before, SnapshotTable after)
    {
        var (old, now) = (Keys(before), Keys(after));
        var (gone, come) = (Except(old, now), Except(now, old));
        var rows = new List<IReadOnlyList<object?>>();
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && gone[i])
            {
                rows.Add(["-", .. before.Rows[i++]]);
            }
            else if (j < now.Length && come[j])
            {
                rows.Add(["+", .. after.Rows[j++]]);
            }
            else
            {
                // Both have it; the numbers of such rows are equal.
                (i, j) = (i + 1, j + 1);
            }
        }

        return rows.Count == 0 ? [] : new SnapshotTable("", ["", .. after.Columns], rows).Lines();
    }

    private static string[] Keys(SnapshotTable table) => [.. table.Rows.Select(r => string.Join('\0', r))];

    private static bool[] Except(string[] rows, string[] others)
    {
        var counts = others.GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count());
        var only = new bool[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var left = counts.GetValueOrDefault(rows[i]);
            only[i] = left == 0;
            counts[rows[i]] = Math.Max(0, left - 1);
        }

        return only;
    }
}
