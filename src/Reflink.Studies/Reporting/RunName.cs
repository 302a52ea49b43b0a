using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Studies.Reporting;

/// <summary>What a run of a table is called.</summary>
internal static class RunName
{
    /// <summary>The same name that <see cref="RunPlan.ToString"/> gives it, as failures are listed by it.</summary>
    public static string Of(ResultTable table, IReadOnlyList<object?> row) => string.Join(", ", table.Columns.Zip(row).Take(table.KeyCount).Select(cell => $"{cell.First} {cell.Second}"));
}
