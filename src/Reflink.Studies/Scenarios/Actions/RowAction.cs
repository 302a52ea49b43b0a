using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Scenarios.Text;

namespace Reflink.Studies.Scenarios.Actions;

/// <summary>Adds a row to a table of the results.</summary>
internal sealed class RowAction(string file, string table, IReadOnlyList<(YamlScalar Column, Formula Formula)> cells) : ScenarioAction
{
    public override void Do(ActionContext context) => context.Findings.Rows.Add(new ResultRow(
        table, cells.ToDictionary(cell => cell.Column.Text, cell => Cell(Located.At(file, cell.Column, () => context.Value(cell.Formula))), StringComparer.Ordinal)));

    public override void Write(CSharpWriter writer)
    {
        writer.Line($"lab.Row({CSharpExpression.Quoted(table)},");
        writer.Indented(() =>
        {
            foreach (var (i, (column, formula)) in cells.Index())
            {
                writer.Line($"({CSharpExpression.Quoted(column.Text)}, {writer.Expression(formula, column).Text}){(i + 1 < cells.Count ? "," : ");")}");
            }
        });
    }

    public override void Rehearse(Rehearsal rehearsal)
    {
        foreach (var (column, formula) in cells)
        {
            _ = rehearsal.Value(formula, column);
        }
    }

    private static object? Cell(object value) => value is "" ? null : value;
}
