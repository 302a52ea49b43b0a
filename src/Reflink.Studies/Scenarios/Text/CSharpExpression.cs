using System.Globalization;
using System.Text;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>An expression of C#: its text, what type the compiler gives it, and how tightly it binds.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Type">Its type.</param>
/// <param name="Binds">The precedence of its outermost operator: more binds more tightly.</param>
internal sealed record CSharpExpression(string Text, CSharpType Type, int Binds = CSharpExpression.Primary)
{
    public const int Primary = 15;
    public const int Unary = 13;
    public const int Choice = 2;

    /// <summary>In parentheses if it would fall apart beside an operator.</summary>
    public string Within(int binds) => Binds < binds ? $"({Text})" : Text;

    /// <summary>The same as a <c>Value</c>, whose operators are those of formulas.</summary>
    public CSharpExpression AsValue() => Type == CSharpType.Value ? this
        : new($"(Value){(Text.StartsWith('-') ? $"({Text})" : Within(Unary))}", CSharpType.Value, Unary);

    /// <summary>A number, a text, true or false.</summary>
    public static CSharpExpression Literal(object value) => value switch
    {
        bool truth => new(truth ? "true" : "false", CSharpType.Truth),
        string text => new(Quoted(text), CSharpType.Text),
        double number => new(number.ToString("R", CultureInfo.InvariantCulture) is var shown && shown.AsSpan().IndexOfAny(".E") < 0 ? shown + ".0" : number.ToString("R", CultureInfo.InvariantCulture), CSharpType.Number),
        _ => Whole((long)value),
    };

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string text) => $"\"{Escaped(text)}\"";

    /// <summary>What stands between the quotes.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '"' or '\\' => $"\\{c}",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' || char.IsSurrogate(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }

    // Sizes are written as shifts, as in 128 << 10 for 128 KiB.
    private static CSharpExpression Whole(long number)
    {
        foreach (var (shift, unit) in new[] { (30, 1L << 30), (20, 1L << 20), (10, 1L << 10) })
        {
            if (number >= 8192 && number % unit == 0)
            {
                return new($"{(number / unit).ToString(CultureInfo.InvariantCulture)}{(number > int.MaxValue ? "L" : "")} << {shift}", CSharpType.Number, 10);
            }
        }

        return new(number.ToString(CultureInfo.InvariantCulture), CSharpType.Number, number < 0 ? Unary : Primary);
    }
}
