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
        DateTime or DateTimeOffset => throw new NotSupportedException(
            $"A {value.GetType().Name} as a parameter: use a DateOnly or UseTextForParameters."),
        IEnumerable items => Sequence(items, nested),
        IFormattable number => Clean(number.ToString(null, CultureInfo.InvariantCulture)),
        _ when KeyAndValue(value) is { } pair => pair,
        _ => Clean(value.ToString() ?? ""),
    };

    private static string Sequence(IEnumerable items, bool nested)
    {
        var text = string.Join(',', items.Cast<object?>().Select(item => Of(item, nested: true)));
        return nested || text.Length == 0 ? $"[{text}]" : text;
    }

    private static string? KeyAndValue(object value)
    {
        var type = value.GetType();
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(KeyValuePair<,>))
        {
            return null;
        }

        var key = type.GetProperty("Key")!.GetValue(value);
        return $"{Of(key, nested: true)}={Of(type.GetProperty("Value")!.GetValue(value), nested: true)}";
    }

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
