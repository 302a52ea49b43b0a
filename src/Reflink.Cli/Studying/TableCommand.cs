using System.CommandLine;
using Reflink.Cli.Reporting;
using Reflink.Machines;

namespace Reflink.Cli.Studying;

/// <summary>A command that prints what the program knows of studies, as one table.</summary>
internal sealed class TableCommand : Command, IHasExamples
{
    private readonly string _example;
    private readonly string _rows;
    private readonly Func<SnapshotTable> _table;
    private readonly ReportOptions _report = new();

    public TableCommand(string name, string does, string example, string rows, Func<SnapshotTable> table)
        : base(name, does)
    {
        (_example, _rows, _table) = (example, rows, table);
        _report.AddTo(this);
        SetAction(Run);
    }

    public IReadOnlyList<(string Line, string Does)> Examples => [($"reflink study {Name}", _example)];

    private int Run(ParseResult line)
    {
        var table = _table();
        _report.Write(line, () => new Report().Table(ReportTable.Of(table)), () => StudyTables.Json(_rows, table), () => Csv.Of(table));
        return ExitCode.Success;
    }
}
