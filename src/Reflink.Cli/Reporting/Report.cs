using Reflink.Studies.Sweeps;

namespace Reflink.Cli.Reporting;

/// <summary>What a command tells people: lines, sentences and tables, which fit the width that they are printed in.</summary>
internal sealed class Report
{
    private readonly List<Func<int, IEnumerable<string>>> _parts = [];

    /// <summary>Parts behind commas on one line, or on one line each if they are too long for that.</summary>
    public Report Line(params string[] parts) => Add(width => string.Join(", ", parts) is var line && line.Length <= width
        ? [line]
        : parts.Select((part, i) => (i == 0 ? "" : new string(' ', TextLines.Hanging)) + part + (i < parts.Length - 1 ? "," : "")));

    /// <summary>A sentence, which is broken between words; nothing for an empty one.</summary>
    public Report Note(string text) => Add(width => text.Length == 0 ? [] : TextLines.Paragraph(text, width));

    /// <summary>Several sentences, one a line.</summary>
    public Report Notes(IEnumerable<string> notes) => notes.Aggregate(this, (report, note) => report.Note(note));

    public Report Blank() => Add(_ => [""]);

    /// <summary>A table; without rows, nothing of it. What has a title is indented below it.</summary>
    public Report Table(ReportTable table)
    {
        var indent = table.Title.Length > 0 ? TextLines.Hanging : 0;
        return table.Rows.Count == 0 ? this : Add(width =>
        [
            .. indent > 0 ? TextLines.Paragraph(table.Title, width) : [],
            .. TableLayout.Lines(table, width - indent).Select(line => new string(' ', indent) + line),
        ]);
    }

    /// <summary>Names and what there is to say of each.</summary>
    public Report Tables(RunTables found) => found.Tables
        .Aggregate(this, (report, table) => report.Table(ReportTable.Of(table.Table, table.Details)).Blank())
        .Notes(found.Notes);

    public Report Facts(IEnumerable<(string Name, object Value)> facts) =>
        Table(new("", ["", ""], [.. facts.Select(f => (IReadOnlyList<object?>)[f.Name, f.Value is Whole ? f.Value : f.Value.ToString()])]));

    /// <summary>The text in lines of that width.</summary>
    public string Text(int width) => string.Concat(_parts.SelectMany(part => part(width)).Select(line => $"{line}\n"));

    private Report Add(Func<int, IEnumerable<string>> part)
    {
        _parts.Add(part);
        return this;
    }
}
