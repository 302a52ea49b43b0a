using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Reflink.SnapshotEngine.Objects;

/// <summary>Values that are written in one piece.</summary>
internal static partial class Scalars
{
    /// <summary>A root that is one value is a plain string; null if it is something else.</summary>
    public static string? AtRoot(object value) => value switch
    {
        DateTime or nint or nuint => throw Refusal($"a {value.GetType().Name}"),
        char or StringBuilder or bool or Enum => value.ToString(),
        IFormattable number when value.GetType().IsPrimitive || value is decimal or Guid =>
            number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>The same inside an object; null if the value has parts.</summary>
    public static string? Inside(object? value) => value switch
    {
        null => throw Refusal("null in a list or dictionary"),
        string text => Text(text),
        bool flag => flag ? "true" : "false",
        Enum => value.ToString(),
        double or float => Fraction(Convert.ToDouble(value, CultureInfo.InvariantCulture), (IFormattable)value),
        decimal number => WithPoint(number.ToString(CultureInfo.InvariantCulture)),
        char => throw Refusal("a char"),
        nint or nuint => throw Refusal($"a {value.GetType().Name}"),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    public static NotSupportedException Refusal(string what) => new(
        $"The own snapshot engine does not show {what} as Verify would: render it to a string in the test.");

    private static string Text(string text)
    {
        if (text.Length == 0 || text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || text[0] == '\uFEFF')
        {
            throw Refusal("an empty string or one with line breaks or control characters");
        }

        return Guid.TryParse(text, out _) || Dated().IsMatch(text) ? throw Refusal($"the guid or date '{text}'") : text;
    }

    private static string Fraction(double value, IFormattable original)
    {
        if (double.IsNaN(value))
        {
            return "\"NaN\"";
        }

        return double.IsInfinity(value)
            ? throw Refusal("an infinity")
            : WithPoint(original.ToString("R", CultureInfo.InvariantCulture));
    }

    private static string WithPoint(string number) =>
        number.AsSpan().IndexOfAny('.', 'E') < 0 ? number + ".0" : number;

    // Wider than what Verify takes for a date or time: better to refuse a harmless string than to let one through.
    [GeneratedRegex(@"^\s*(\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d{2})")]
    private static partial Regex Dated();
}
