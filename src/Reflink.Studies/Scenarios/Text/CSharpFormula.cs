using NCalc;
using NCalc.Visitors;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>Writes a formula as an expression of C#, whose operators are those of <c>Value</c> wherever C# means something else by its own.</summary>
/// <param name="nameOf">How a name is written.</param>
internal sealed class CSharpFormula(Func<string, string> nameOf) : ILogicalExpressionVisitor<CSharpExpression>
{
    private static readonly Dictionary<BinaryExpressionType, (string Sign, int Binds)> s_signs = new()
    {
        [BinaryExpressionType.Times] = ("*", 12), [BinaryExpressionType.Div] = ("/", 12), [BinaryExpressionType.Modulo] = ("%", 12),
        [BinaryExpressionType.Plus] = ("+", 11), [BinaryExpressionType.Minus] = ("-", 11),
        [BinaryExpressionType.Lesser] = ("<", 9), [BinaryExpressionType.LesserOrEqual] = ("<=", 9), [BinaryExpressionType.Greater] = (">", 9),
        [BinaryExpressionType.GreaterOrEqual] = (">=", 9), [BinaryExpressionType.Equal] = ("==", 8), [BinaryExpressionType.NotEqual] = ("!=", 8),
        [BinaryExpressionType.And] = ("&&", 5), [BinaryExpressionType.Or] = ("||", 4),
    };

    // Of a laboratory, which answers them; the others are of Value.
    private static readonly Dictionary<string, (string Name, int[] Counts)> s_functions = new(StringComparer.Ordinal)
    {
        ["abs"] = ("Value.Abs", [1]), ["ceiling"] = ("Value.Ceiling", [1]), ["floor"] = ("Value.Floor", [1]), ["sqrt"] = ("Value.Sqrt", [1]), ["round"] = ("Value.Round", [1, 2]),
        ["pow"] = ("Value.Pow", [2]), ["min"] = ("Value.Min", [2]), ["max"] = ("Value.Max", [2]), ["hex"] = ("Value.Hex", [1]),
        ["address"] = ("lab.Address", [2]), ["control"] = ("lab.Control", [1]), ["frame"] = ("lab.Frame", [3]), ["members"] = ("lab.Members", [1]), ["pid"] = ("lab.Pid", [1]),
        ["random"] = ("lab.Random", [1]),
    };

    public CSharpExpression Visit(TernaryExpression expression) => Choice(expression.LeftExpression, expression.MiddleExpression, expression.RightExpression);

    public CSharpExpression Visit(BinaryExpression expression)
    {
        var left = expression.LeftExpression.Accept(this);
        if (expression.Type is BinaryExpressionType.In or BinaryExpressionType.NotIn)
        {
            return In(left, expression.RightExpression, expression.Type == BinaryExpressionType.In);
        }

        var right = expression.RightExpression.Accept(this);
        if (expression.Type == BinaryExpressionType.Exponentiation)
        {
            return new($"Value.Pow({left.Text}, {right.Text})", CSharpType.Value);
        }

        if (!s_signs.TryGetValue(expression.Type, out var sign))
        {
            throw new NotSupportedException($"the operator {expression.Type}");
        }

        var isLogic = sign.Binds <= 5;
        var areTruths = left.Type == CSharpType.Truth && right.Type == CSharpType.Truth && sign.Binds <= 8;
        if (!areTruths && (isLogic ? left.Type is CSharpType.Number or CSharpType.Text : left.Type != CSharpType.Value && right.Type != CSharpType.Value))
        {
            left = left.AsValue();
        }

        if (isLogic && right.Type is CSharpType.Number or CSharpType.Text && left.Type != CSharpType.Value)
        {
            right = right.AsValue();
        }

        var type = areTruths || sign.Binds is 8 or 9 ? CSharpType.Truth : CSharpType.Value;
        return new($"{left.Within(sign.Binds)} {sign.Sign} {right.Within(sign.Binds + 1)}", type, sign.Binds);
    }

    public CSharpExpression Visit(UnaryExpression expression)
    {
        var value = expression.Expression.Accept(this);
        return expression.Type switch
        {
            UnaryExpressionType.Not when value.Type == CSharpType.Truth => new($"!{value.Within(CSharpExpression.Unary)}", CSharpType.Truth, CSharpExpression.Unary),
            UnaryExpressionType.Not => new($"!{value.AsValue().Within(CSharpExpression.Unary)}", CSharpType.Truth, CSharpExpression.Unary),
            UnaryExpressionType.Negate when value.Type == CSharpType.Number && value.Binds == CSharpExpression.Primary => new($"-{value.Text}", CSharpType.Number, CSharpExpression.Unary),
            UnaryExpressionType.Negate => new($"-{value.AsValue().Within(CSharpExpression.Primary)}", CSharpType.Value, CSharpExpression.Unary),
            UnaryExpressionType.Positive => new($"0 + {value.AsValue().Within(12)}", CSharpType.Value, 11),
            _ => throw new NotSupportedException($"the operator {expression.Type}"),
        };
    }

    public CSharpExpression Visit(ValueExpression expression) => expression.Value is string or bool or IConvertible and not (DateTime or char)
        ? CSharpExpression.Literal(Formula.Plain(expression.Value)) : throw new NotSupportedException($"the {expression.Type} {expression.Value}");

    public CSharpExpression Visit(Identifier identifier) => new(nameOf(identifier.Name), CSharpType.Value);

    public CSharpExpression Visit(LogicalExpressionList list) => throw new NotSupportedException("a list that does not stand behind 'in'");

    public CSharpExpression Visit(Function function)
    {
        var (name, values) = (function.Identifier.Name, function.Parameters);
        if (name == "if" && values.Count == 3)
        {
            return Choice(values[0], values[1], values[2]);
        }

        var given = values.Select(value => value.Accept(this)).ToList();
        var list = string.Join(", ", given.Select(value => value.Text));
        return name == "concat" && given.Count > 0 ? new($"Value.Concat({list})", CSharpType.Value)
            : name == "in" && given.Count > 1 ? IsOneOf(given[0], given.Skip(1))
            : s_functions.TryGetValue(name, out var written) && written.Counts.Contains(given.Count) ? new($"{written.Name}({list}{(name == "round" && given.Count == 1 ? ", 0" : "")})", CSharpType.Value)
            : throw new NotSupportedException($"{name}() with {given.Count} values, which it does not take,");
    }

    private static CSharpExpression IsOneOf(CSharpExpression value, IEnumerable<CSharpExpression> others) =>
        new($"{value.AsValue().Within(CSharpExpression.Primary)}.IsOneOf({string.Join(", ", others.Select(other => other.Text))})", CSharpType.Truth);

    // What stands in the list is looked at until one is found, so it may be nothing that something depends on.
    private CSharpExpression In(CSharpExpression value, LogicalExpression right, bool isIn)
    {
        var list = right as LogicalExpressionList ?? throw new NotSupportedException("'in' without a list");
        if (!list.All(item => item is ValueExpression))
        {
            throw new NotSupportedException("'in' with a list of other things than numbers and texts");
        }

        var isOne = IsOneOf(value, list.Select(item => item.Accept(this)));
        return isIn ? isOne : new($"!{isOne.Text}", CSharpType.Truth, CSharpExpression.Unary);
    }

    private CSharpExpression Choice(LogicalExpression condition, LogicalExpression first, LogicalExpression second)
    {
        var (asked, yes, no) = (condition.Accept(this), first.Accept(this), second.Accept(this));
        asked = asked.Type is CSharpType.Truth ? asked : asked.AsValue();

        // One of both says which type the whole has.
        yes = no.Type == CSharpType.Value ? yes : yes.AsValue();
        return new($"{asked.Within(CSharpExpression.Choice + 1)} ? {yes.Within(CSharpExpression.Choice + 1)} : {no.Text}", CSharpType.Value, CSharpExpression.Choice);
    }
}
