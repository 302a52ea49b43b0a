using System.Globalization;
using System.Text.RegularExpressions;
using NCalc;
using NCalc.Exceptions;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>
/// A formula such as <c>2 * size + 4K</c> or <c>vmstat.pgmajfault == 0</c>: numbers with units, names, the usual operators,
/// and functions. Whole numbers have 64 bits and overflow is an error.
/// </summary>
internal sealed partial class Formula
{
    private const ExpressionOptions Options = ExpressionOptions.NoCache | ExpressionOptions.LongAsDefault | ExpressionOptions.OverflowProtection
        | ExpressionOptions.OrdinalStringComparer | ExpressionOptions.IgnoreCaseAtBuiltInFunctions;

    // Doubles up to here are whole numbers without doubt.
    private const double MostWhole = 1L << 53;

    private static readonly string[] s_functions = ["abs", "ceiling", "floor", "if", "in", "max", "min", "pow", "round", "sqrt", .. RunFunctions.Names];

    private readonly string _text;

    private Formula(string text, IReadOnlyList<string> names) => (_text, Names) = (text, names);

    /// <summary>What it asks for by name.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a formula; null if it is none, which is then among the problems.</summary>
    public static Formula? Read(string text, YamlPiece at, ScenarioProblems problems)
    {
        var prepared = Prepare(text);
        var expression = new Expression(prepared, Options);
        if (expression.HasErrors())
        {
            var why = expression.Error?.InnerException?.Message.TrimEnd('.') ?? "nothing is written";
            problems.Add(at, $"'{text}' is no formula ({char.ToLowerInvariant(why[0])}{why[1..]}); write one such as 2 * size or frames <= 100");
            return null;
        }

        if (expression.GetFunctionNames().FirstOrDefault(f => !s_functions.Contains(f)) is { } unknown)
        {
            problems.Add(at, $"there is no function {unknown}(); {Words.Known(unknown, s_functions)}");
            return null;
        }

        return new Formula(prepared, [.. expression.GetParameterNames()]);
    }

    /// <summary>Its value: a long, a double, a bool or a text.</summary>
    /// <param name="valueOf">The value of a name.</param>
    /// <param name="call">What one of <see cref="RunFunctions"/> gives for arguments.</param>
    /// <exception cref="ReflinkException">EINVAL: it has none, such as 1 / 0.</exception>
    public object Value(Func<string, object> valueOf, Func<string, IReadOnlyList<object>, object> call)
    {
        var expression = new Expression(_text, Options);
        foreach (var name in Names)
        {
            expression.Parameters[name] = valueOf(name);
        }

        foreach (var function in RunFunctions.Names)
        {
            expression.Functions[function] = arguments => call(function, [.. Enumerable.Range(0, arguments.Count).Select(i => Plain(arguments.Evaluate(i)))]);
        }

        try
        {
            return Plain(expression.Evaluate());
        }
        catch (Exception e) when (e is NCalcException or ArithmeticException or FormatException or InvalidCastException or ArgumentException or InvalidOperationException)
        {
            throw new ReflinkException(Units.Errno.EINVAL, $"'{_text}' has no value: {e.Message.TrimEnd('.')}", e);
        }
    }

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

    private static object Plain(object? value) => value switch
    {
        double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity) => throw new ArithmeticException("it is not a finite number"),
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

    [GeneratedRegex(@"'[^']*'|\[[^\]]*\]|(?<size>\b[0-9]+[KMGT](?:iB)?\b)|(?<name>\b[A-Za-z_]\w*(?:\.\w+)+\b)")]
    private static partial Regex Pieces();
}
