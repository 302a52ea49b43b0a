#pragma warning disable CA2227, CA1814, CA1819
namespace Reflink.SnapshotEngine.Tests;

/// <summary>One member of every kind that the object writer treats in its own way.</summary>
public sealed class Shape
{
    public int Zero { get; set; }

    public bool Off { get; set; }

    public int? Maybe { get; set; }

    public string? Nothing { get; set; }

    public DayOfWeek Day { get; set; }

    public double Ratio { get; set; }

    public decimal Share { get; set; }

    public double Nan { get; set; }

    public Dictionary<string, int> Pairs { get; set; } = [];

    public int[][] Rows { get; set; } = [];

    public Shape? Inner { get; set; }

    public string? Name;
}
