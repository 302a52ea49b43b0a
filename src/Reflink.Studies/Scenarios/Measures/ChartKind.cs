namespace Reflink.Studies.Scenarios.Measures;

/// <summary>How a chart is drawn.</summary>
public enum ChartKind
{
    /// <summary>Lines over numbers.</summary>
    Line,

    /// <summary>Bars over words or few numbers.</summary>
    Bar,

    /// <summary>A cell for each pair of values, coloured.</summary>
    Heat,
}
