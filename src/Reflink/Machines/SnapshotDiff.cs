namespace Reflink.Machines;

/// <summary>The lines that differ between two tables, by their longest common subsequence.</summary>
internal static class SnapshotDiff
{
    public static List<string> Lines(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        // Tables are compared without their padding, which a longer cell elsewhere would change.
        var old = before.Select(Squeeze).ToArray();
        var now = after.Select(Squeeze).ToArray();
        var longest = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                longest[i, j] = old[i] == now[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        return Walk(old, now, longest);
    }

    private static List<string> Walk(string[] old, string[] now, int[,] longest)
    {
        var lines = new List<string>();
        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == now.Length || (i < old.Length && longest[i + 1, j] >= longest[i, j + 1]))
            {
                lines.Add("- " + old[i++]);
            }
            else
            {
                lines.Add("+ " + now[j++]);
            }
        }

        return lines;
    }

    private static string Squeeze(string line) => string.Join("  ", line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
