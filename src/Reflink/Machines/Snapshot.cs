using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Reflink.Machines;

namespace Reflink;

/// <summary>
/// The state of a machine at one moment: tables in the columns of /proc, as text that is compared and kept, or as JSON. Equal
/// machines have byte-identical snapshots.
/// </summary>
public sealed class Snapshot
{
    /// <summary>The version of the format; it moves when a table or a column changes.</summary>
    public const int FormatVersion = 2;

    private static readonly JsonSerializerOptions s_indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal Snapshot(IReadOnlyList<SnapshotTable> tables) => Tables = tables;

    /// <summary>The tables, in order.</summary>
    public IReadOnlyList<SnapshotTable> Tables { get; }

    /// <summary>The table of that name.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is none.</exception>
    public SnapshotTable this[string table] => Tables.FirstOrDefault(t => t.Name == table)
        ?? throw new ReflinkException(
            Errno.EINVAL, $"there is no table '{table}'; there are {string.Join(", ", Tables.Select(t => t.Name))}");

    /// <summary>What changed between two snapshots: rows that went (-) and came (+), under their tables' columns.</summary>
    /// <example><code>
    /// var before = machine.Snapshot();
    /// machine.Volume.Clone("/lib", "/copy");
    /// Console.WriteLine(Snapshot.Diff(before, machine.Snapshot()));
    /// </code></example>
    public static string Diff(Snapshot before, Snapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var text = new StringBuilder();
        foreach (var table in after.Tables)
        {
            var old = before.Tables.FirstOrDefault(t => t.Name == table.Name) ?? table with { Rows = [] };
            Append(text, table.Name, SnapshotDiff.Lines(old, table));
        }

        return text.ToString();
    }

    /// <summary>Only those tables, in that order.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is no such table, or none was named.</exception>
    public Snapshot Only(params string[] tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return tables.Length > 0 ? new([.. tables.Select(t => this[t])])
            : throw new ReflinkException(Errno.EINVAL, $"no table was named; there are {string.Join(", ", Tables.Select(t => t.Name))}");
    }

    /// <summary>All but those tables.</summary>
    public Snapshot Without(params string[] tables) => new([.. Tables.Where(t => !tables.Contains(t.Name))]);

    /// <summary>The snapshot as JSON: one member a table, each an array of objects.</summary>
    public string ToJson()
    {
        var root = new Dictionary<string, object> { ["format"] = FormatVersion };
        foreach (var table in Tables)
        {
            root[table.Name] = table.Rows.Select(r => table.Columns.Zip(r).ToDictionary(c => c.First, c => c.Second)).ToList();
        }

        return JsonSerializer.Serialize(root, s_indented);
    }

    /// <summary>The snapshot as text: a header, then the tables that are not empty.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"reflink snapshot {FormatVersion}\n");
        foreach (var table in Tables.Where(t => t.Rows.Count > 0))
        {
            text.Append('\n');
            Append(text, table.Name, table.Lines());
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            text.Append(name).Append('\n');
        }

        foreach (var line in lines)
        {
            text.Append("  ").Append(line).Append('\n');
        }
    }
}
