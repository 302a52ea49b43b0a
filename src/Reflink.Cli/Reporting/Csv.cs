using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Reflink.Machines;

namespace Reflink.Cli.Reporting;

/// <summary>Rows as CSV (RFC 4180, lines that end with a line feed). Nothing is an empty field, and what has parts is JSON within its field.</summary>
internal static class Csv
{
    private static readonly JsonSerializerOptions s_compact = new(JsonFormat.Options) { WriteIndented = false };

    /// <summary>Objects, as JSON would show them: a column for each of the first one's members.</summary>
    public static string Of<T>(IEnumerable<T> rows)
    {
        var objects = rows.Select(row => JsonSerializer.SerializeToNode(row, s_compact)!.AsObject()).ToList();
        return objects.Count == 0 ? Headings(RowOf(rows)) : Of(objects[0].Select(member => Name(member.Key)), objects.Select(row => row.Select(member => Text(member.Value))));
    }

    /// <summary>A table of the library's.</summary>
    public static string Of(SnapshotTable table) => Of(table.Columns, table.Rows.Select(row => row.Select(cell => cell?.ToString())));

    /// <summary>Several tables, with an empty line between them.</summary>
    public static string Of(params IEnumerable<string> tables) => string.Join('\n', tables.Where(table => table.Length > 0));

    private static string Of(IEnumerable<string> columns, IEnumerable<IEnumerable<string?>> rows) =>
        string.Concat(rows.Prepend(columns).Select(row => $"{string.Join(',', row.Select(Quote))}\n"));

    private static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => scalar.GetValue<string>(),
        _ => value.ToJsonString(s_compact),
    };

    // What is given as objects may still be a sequence of something.
    private static Type RowOf<T>(IEnumerable<T> rows) => rows.GetType().GetInterfaces()
        .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)).Select(i => i.GetGenericArguments()[0]).FirstOrDefault(t => t != typeof(object)) ?? typeof(T);

    // What is a row of no table has no names.
    private static string Headings(Type row) => row == typeof(object) ? ""
        : Of(row.GetProperties().Where(p => !p.IsDefined(typeof(JsonIgnoreAttribute), inherit: false)).Select(p => Name(JsonNamingPolicy.CamelCase.ConvertName(p.Name))), []);

    // As columns are named everywhere else: smapsPssKiB is smaps_pss_kib.
    private static string Name(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Replace("KiB", "Kib", StringComparison.Ordinal));

    private static string Quote(string? text) => text is null ? "" : text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
