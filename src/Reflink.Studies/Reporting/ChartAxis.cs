using System.Globalization;
using Reflink.Studies.Scenarios;

namespace Reflink.Studies.Reporting;

/// <summary>
/// The horizontal axis of a chart. Numbers stand where they are, or equally far from their doubles if they reach over three doublings
/// or more; words stand side by side. What a run measured is an axis of numbers, and each point has a place of its own.
/// </summary>
internal sealed class ChartAxis
{
    private const double WideRange = 8;
    private readonly Dictionary<string, double> _places;

    private ChartAxis(Dictionary<string, double> places, IReadOnlyList<double> positions, IReadOnlyList<string>? labels) =>
        (_places, Positions, Labels) = (places, positions, labels);

    /// <summary>Where points stand, upwards.</summary>
    public IReadOnlyList<double> Positions { get; }

    /// <summary>What stands there; null where the numbers speak for themselves.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>An axis of the values of a parameter, as they were written.</summary>
    public static ChartAxis OfTexts(IReadOnlyList<string> texts)
    {
        var numbers = Numbers(texts);
        var isWide = numbers is not null && numbers.Min() > 0 && numbers.Max() / numbers.Min() >= WideRange;
        var places = texts.Index().ToDictionary(t => t.Item, t => numbers is null ? t.Index : isWide ? Math.Log2(numbers[t.Index]) : numbers[t.Index], StringComparer.Ordinal);
        var order = places.OrderBy(p => p.Value).ToList();
        return new ChartAxis(places, [.. order.Select(p => p.Value).Distinct()], [.. order.DistinctBy(p => p.Value).Select(p => p.Key)]);
    }

    /// <summary>An axis of what runs measured.</summary>
    public static ChartAxis OfNumbers(IEnumerable<double> numbers)
    {
        var positions = numbers.Distinct().Order().ToList();
        return new ChartAxis(positions.ToDictionary(Key, p => p, StringComparer.Ordinal), positions, null);
    }

    /// <summary>Whether values of a parameter are all numbers, such as 64K.</summary>
    public static bool AreNumbers(IReadOnlyList<string> texts) => Numbers(texts) is not null;

    /// <summary>The place of a value among the positions.</summary>
    public int IndexOf(string text) => ((List<double>)[.. Positions]).IndexOf(_places[text]);

    /// <summary>The place of a number among the positions.</summary>
    public int IndexOf(double number) => IndexOf(Key(number));

    private static string Key(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static double[]? Numbers(IReadOnlyList<string> texts)
    {
        var numbers = texts.Select(text => ScenarioParameter.ValueOf(text)).Select(value => value is string or bool ? null : ChartPoint.Number(value)).ToList();
        return numbers.Count > 0 && numbers.TrueForAll(n => n is not null) ? [.. numbers.Select(n => n!.Value)] : null;
    }
}
