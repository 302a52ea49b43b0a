using System.Globalization;
using System.Text.RegularExpressions;
using NCalc;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>
/// A formula such as <c>2 * size + 4K</c> or <c>vmstat.pgmajfault == 0</c>: numbers with units, names, the usual operators,
/// and functions. Whole numbers have 64 bits and overflow is an error.
/// </summary>
internal sealed partial class Formula
{
    private const ExpressionOptions Options = ExpressionOptions.NoCache | ExpressionOptions.LongAsDefault;

    // Parentheses in longer ones could go deeper than the stack.
    private const int MostText = 4_000;

    // Doubles up to here are whole numbers without doubt.
    private const double MostWhole = 1L << 53;

    private static readonly string[] s_functions = [.. FormulaValue.Functions, .. RunFunctions.Names];

    private readonly string _text;
    private readonly LogicalExpression _tree;

    private Formula(string text, LogicalExpression tree, IReadOnlyList<string> names, bool asksRun) => (_text, _tree, Names, AsksRun) = (text, tree, names, asksRun);

    /// <summary>Whether it has one of <see cref="RunFunctions"/>.</summary>
    public bool AsksRun { get; }

    /// <summary>What it asks for by name.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a formula; null if it is none, which is then among the problems.</summary>
    public static Formula? Read(string text, YamlPiece at, ScenarioProblems problems)
    {
        if (text.Length > MostText)
        {
            problems.Add(at, $"'{Words.Short(text)}' has {text.Length:N0} characters, and a formula has {MostText:N0} at the most; give parts of it names with 'let'");
            return null;
        }

        if (Pieces().Matches(text).FirstOrDefault(piece => piece.Groups["long"].Success && !long.TryParse(piece.Value, CultureInfo.InvariantCulture, out _)) is { } large)
        {
            problems.Add(at, $"{Words.Short(large.Value)} is more than the 64 bits of a whole number hold; write a smaller one, or a decimal such as 1e20, which is not exact");
            return null;
        }

        var expression = new Expression(Prepare(text), Options);
        if (expression.HasErrors())
        {
            var why = expression.Error?.InnerException?.Message.TrimEnd('.') ?? "nothing is written";
            problems.Add(at, $"'{Words.Short(text)}' is no formula ({char.ToLowerInvariant(why[0])}{why[1..]}); write one such as 2 * size or frames <= 100");
            return null;
        }

        if (expression.GetFunctionNames().FirstOrDefault(f => !s_functions.Contains(f)) is { } unknown)
        {
            problems.Add(at, $"there is no function {Words.Short(unknown)}(); {Words.Known(unknown, s_functions)}");
            return null;
        }

        return new Formula(text, expression.LogicalExpression!, [.. expression.GetParameterNames()], expression.GetFunctionNames().Any(RunFunctions.Names.Contains));
    }

    /// <summary>Its value: a long, a double, a bool or a text.</summary>
    /// <param name="valueOf">The value of a name.</param>
    /// <param name="call">What one of <see cref="RunFunctions"/> gives for arguments.</param>
    /// <exception cref="ReflinkException">EINVAL: it has none, such as 1 / 0.</exception>
    public object Value(Func<string, object> valueOf, Func<string, IReadOnlyList<object>, object> call)
    {
        try
        {
            return _tree.Accept(new FormulaValue(valueOf, call));
        }
        catch (ArithmeticException e)
        {
            throw new ReflinkException(Units.Errno.EINVAL, $"'{Words.Short(_text)}' has no value: {e.Message}", e);
        }
    }

    /// <summary>The formula as an expression of C#.</summary>
    /// <param name="nameOf">How a name is written there.</param>
    /// <exception cref="NotSupportedException">C# has no such expression; the message says what it is.</exception>
    public CSharpExpression CSharp(Func<string, string> nameOf) => _tree.Accept(new CSharpFormula(nameOf));

    /// <summary>How a value is written in steps and tables.</summary>
    public static string Show(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>What a text in a scenario means: a number with or without a unit, true or false, or itself.</summary>
    public static object Meaning(string text) =>
        Experiments.ByteSize.TryParse(text, out var whole) ? whole
        : double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? Plain(number)
        : text is "true" or "false" ? text == "true"
        : text;

    internal static object Plain(object? value) => value switch
    {
        decimal or float => Plain(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity) => throw FormulaNumbers.No("a number in it is not finite; use smaller numbers"),
        double whole when Math.Floor(whole) == whole && Math.Abs(whole) <= MostWhole => (long)whole,
        bool or long or double or string => value,
        null => "",
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture),
    };

    // Sizes become numbers, and names with dots or dashes are put in brackets; what is quoted stays.
    private static string Prepare(string text) => Pieces().Replace(text, piece =>
        piece.Groups["size"].Success && Experiments.ByteSize.TryParse(piece.Value, out var bytes) ? bytes.ToString(CultureInfo.InvariantCulture)
        : piece.Groups["name"].Success ? $"[{piece.Value}]"
        : piece.Value);

    [GeneratedRegex(@"'[^']*'|\[[^\]]*\]|(?<size>\b[0-9]+[KMGT](?:iB)?\b)|(?<long>(?<![\w.])[0-9]{19,}(?![\w.]))|(?<name>\b[A-Za-z_]\w*(?:\.\w+)+\b)")]
    private static partial Regex Pieces();
}
