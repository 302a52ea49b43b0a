using NCalc;
using NCalc.Visitors;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>
/// The value of a formula that NCalc has read: a long, a double, a bool or a text. NCalc's own evaluation turns whole numbers into decimals and texts into
/// numbers where it sees fit; this one does neither.
/// </summary>
/// <param name="valueOf">The value of a name.</param>
/// <param name="call">What a function that is not among <see cref="Functions"/> gives for arguments.</param>
internal sealed class FormulaValue(Func<string, object> valueOf, Func<string, IReadOnlyList<object>, object> call) : ILogicalExpressionVisitor<object>
{
    /// <summary>The functions that need no run.</summary>
    public static IReadOnlyList<string> Functions { get; } = ["abs", "ceiling", "floor", "if", "in", "max", "min", "pow", "round", "sqrt"];

    public object Visit(TernaryExpression expression) =>
        IsTrue(expression.LeftExpression.Accept(this), "?") ? expression.MiddleExpression.Accept(this) : expression.RightExpression.Accept(this);

    public object Visit(BinaryExpression expression)
    {
        // The right side of these may have no value where the left one decides.
        if (expression.Type is BinaryExpressionType.And or BinaryExpressionType.Or)
        {
            var isAnd = expression.Type is BinaryExpressionType.And;
            return IsTrue(expression.LeftExpression.Accept(this), isAnd ? "&&" : "||") != isAnd ? !isAnd : IsTrue(expression.RightExpression.Accept(this), isAnd ? "&&" : "||");
        }

        var left = expression.LeftExpression.Accept(this);
        if (expression.Type is BinaryExpressionType.In or BinaryExpressionType.NotIn)
        {
            return expression.RightExpression is LogicalExpressionList list
                ? list.Any(item => IsSame(left, item.Accept(this))) == expression.Type is BinaryExpressionType.In
                : throw FormulaNumbers.No("'in' takes a list behind it, as in n in (1, 2)");
        }

        var right = expression.RightExpression.Accept(this);
        return expression.Type switch
        {
            BinaryExpressionType.Equal => Compare(left, right) == 0,
            BinaryExpressionType.NotEqual => Compare(left, right) != 0,
            BinaryExpressionType.Lesser => Compare(left, right) < 0,
            BinaryExpressionType.LesserOrEqual => Compare(left, right) <= 0,
            BinaryExpressionType.Greater => Compare(left, right) > 0,
            BinaryExpressionType.GreaterOrEqual => Compare(left, right) >= 0,
            BinaryExpressionType.Plus when left is string || right is string => Formula.Show(left) + Formula.Show(right),
            BinaryExpressionType.Plus => FormulaNumbers.Compute('+', left, right),
            BinaryExpressionType.Minus => FormulaNumbers.Compute('-', left, right),
            BinaryExpressionType.Times => FormulaNumbers.Compute('*', left, right),
            BinaryExpressionType.Div => FormulaNumbers.Compute('/', left, right),
            BinaryExpressionType.Modulo => FormulaNumbers.Compute('%', left, right),
            BinaryExpressionType.Exponentiation => FormulaNumbers.Power(left, right),
            _ => Bits(expression.Type, left, right),
        };
    }

    public object Visit(UnaryExpression expression) => (expression.Type, expression.Expression.Accept(this)) switch
    {
        (UnaryExpressionType.Not, var value) => !IsTrue(value, "!"),
        (UnaryExpressionType.Negate, var value) => FormulaNumbers.Negative(value),
        (UnaryExpressionType.Positive, var value) when value is long or double => value,
        (UnaryExpressionType.BitwiseNot, long value) => ~value,
        (var type, var value) => throw FormulaNumbers.No($"{type} cannot be done with {FormulaNumbers.Show(value)}; write + - * / % and comparisons"),
    };

    public object Visit(ValueExpression expression) => expression.Value is string or bool or IConvertible and not (DateTime or char)
        ? Formula.Plain(expression.Value) : throw FormulaNumbers.No($"{expression.Value} is a {expression.Type}; formulas know numbers, texts, true and false");

    public object Visit(Identifier identifier) => valueOf(identifier.Name);

    public object Visit(LogicalExpressionList list) => throw FormulaNumbers.No("a list of values stands behind 'in' alone, as in n in (1, 2)");

    public object Visit(Function function)
    {
        var (name, values) = (function.Identifier.Name, function.Parameters);
        if (name == "if" && values.Count == 3)
        {
            return values[IsTrue(values[0].Accept(this), "if()") ? 1 : 2].Accept(this);
        }

        object[] given = [.. values.Select(value => value.Accept(this))];
        return (name, given) switch
        {
            ("abs", [var x]) => FormulaNumbers.Absolute(x),
            ("ceiling", [var x]) => FormulaNumbers.Rounded(Math.Ceiling, x, "ceiling()"),
            ("floor", [var x]) => FormulaNumbers.Rounded(Math.Floor, x, "floor()"),
            ("round", [var x]) => FormulaNumbers.Rounded(x, 0L),
            ("round", [var x, var places]) => FormulaNumbers.Rounded(x, places),
            ("sqrt", [var x]) => FormulaNumbers.Root(x),
            ("pow", [var x, var y]) => FormulaNumbers.Power(x, y),
            ("min", [var x, var y]) => Compare(x, y) <= 0 ? x : y,
            ("max", [var x, var y]) => Compare(x, y) >= 0 ? x : y,
            ("in", [var x, .. { Length: > 0 } others]) => others.Any(other => IsSame(x, other)),
            _ when Functions.Contains(name) => throw FormulaNumbers.No($"{name}() does not take {given.Length} values; it takes {Takes(name)}"),
            _ => call(name, given),
        };
    }

    private static string Takes(string name) => name switch
    {
        "if" => "3: a comparison, and what is given if it holds and if not",
        "in" => "2 or more: a value, and those that it may be",
        "max" or "min" or "pow" => "2",
        "round" => "2: a number, and how many places behind the point stay",
        _ => "1",
    };

    internal static bool IsTrue(object value, string what) => value is bool truth ? truth
        : throw FormulaNumbers.No($"{what} takes what is true or false, not {FormulaNumbers.Show(value)}; write a comparison such as frames > 0");

    internal static bool IsSame(object left, object right) => Kind(left) == Kind(right) && Compare(left, right) == 0;

    internal static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (long or double, long or double) => FormulaNumbers.Compare(left, right),
        _ => throw FormulaNumbers.No($"{FormulaNumbers.Show(left)} is {Kind(left)} and {FormulaNumbers.Show(right)} is {Kind(right)}, so they cannot be compared; {Remedy(left, right)}"),
    };

    private static string Remedy(object left, object right) => (left as string ?? right as string) is { } text && Formula.Meaning(text) is not string
        ? $"write {Words.Short(text)} without quotes" : "compare numbers with numbers, and texts with texts";

    private static string Kind(object value) => value switch { string => "a text", bool => "true or false", _ => "a number" };

    private static object Bits(BinaryExpressionType type, object left, object right) => (type, left, right) switch
    {
        (BinaryExpressionType.BitwiseAnd, long a, long b) => a & b,
        (BinaryExpressionType.BitwiseOr, long a, long b) => a | b,
        (BinaryExpressionType.BitwiseXOr, long a, long b) => a ^ b,
        (BinaryExpressionType.LeftShift, long a, long b and >= 0 and < 63) => FormulaNumbers.Compute('*', a, 1L << (int)b),
        (BinaryExpressionType.RightShift, long a, long b and >= 0 and < 64) => a >> (int)b,
        _ => throw FormulaNumbers.No($"{type} cannot be done with {FormulaNumbers.Show(left)} and {FormulaNumbers.Show(right)}; write + - * / % and comparisons"),
    };
}
