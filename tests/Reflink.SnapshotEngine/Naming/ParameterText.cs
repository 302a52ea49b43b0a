using System.Collections;
using System.Globalization;
using System.Text;

namespace Reflink.SnapshotEngine.Naming;

/// <summary>How the value of a parameter reads in a file name.</summary>
internal static class ParameterText
{
    private const string Unsafe = "\"\\<>|:*?/";

    public static string Of(object? value) => Of(value, nested: false);

    private static string Of(object? value, bool nested) => value switch
    {
        null => "null",
        string text => Clean(text),
        bool or Enum => value.ToString()!,
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime or DateTimeOffset or TimeOnly or nint or nuint => throw Refusal(value),
        _ when IsPair(value.GetType()) => nested ? KeyAndValue(value) : throw Refusal(value),
        IEnumerable items => Sequence(items, nested),
        IFormattable number => Clean(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => Clean(value.ToString() ?? ""),
    };

    private static string Sequence(IEnumerable items, bool nested)
    {
        var text = string.Join(',', items.Cast<object?>().Select(item => Of(item, nested: true)));
        return nested || text.Length == 0 ? $"[{text}]" : text;
    }

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static string KeyAndValue(object pair)
    {
        var (type, key) = (pair.GetType(), pair.GetType().GetProperty("Key")!.GetValue(pair));
        return $"{Of(key, nested: true)}={Of(type.GetProperty("Value")!.GetValue(pair), nested: true)}";
    }

    private static NotSupportedException Refusal(object value) => new(
        $"The own snapshot engine does not name files after a {value.GetType().Name} as Verify would: use UseTextForParameters, or a DateOnly for a day.");

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(c < ' ' || Unsafe.Contains(c, StringComparison.Ordinal) ? '-' : c);
        }

        return clean.ToString();
    }
}
