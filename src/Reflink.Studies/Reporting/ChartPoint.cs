namespace Reflink.Studies.Reporting;

/// <summary>What the repetitions of a run with different seeds come to.</summary>
/// <param name="Row">The first of these runs, which has the values of all parameters.</param>
/// <param name="Rows">All of them.</param>
internal sealed record ChartPoint(IReadOnlyList<object?> Row, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>The numbers of a column over the seeds, upwards.</summary>
    public IReadOnlyList<double> Numbers(int column) => [.. Rows.Select(row => Number(row[column])).OfType<double>().Order()];

    /// <summary>The middle of a column over the seeds; null if no run has a number there.</summary>
    public double? Median(int column) => Numbers(column) is { Count: > 0 } sorted ? (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2 : null;

    /// <summary>What a chart draws for a cell; null for nothing.</summary>
    public static double? Number(object? cell) => cell switch
    {
        long whole => whole,
        double number when double.IsFinite(number) => number,
        bool truth => truth ? 1 : 0,
        _ => null,
    };
}
