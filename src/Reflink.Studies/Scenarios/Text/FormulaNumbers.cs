using System.Globalization;

namespace Reflink.Studies.Scenarios.Text;

/// <summary>What formulas do with numbers. Whole numbers stay exact in 64 bits or are refused; a decimal beside one that it could not hold is refused, too.</summary>
internal static class FormulaNumbers
{
    // Doubles up to here are whole numbers without doubt.
    private const long MostWhole = 1L << 53;
    private const int MostPlaces = 15;

    /// <summary>Adds, subtracts, multiplies, divides or takes the remainder.</summary>
    /// <exception cref="ArithmeticException">There is no such number.</exception>
    public static object Compute(char sign, object left, object right)
    {
        var told = $"{Show(left)} {sign} {Show(right)}";
        if (sign is '/' or '%' && Number(right, told) == 0)
        {
            throw No($"{told} divides by 0; divide by something else, or ask before, as in n == 0 ? 0 : m {sign} n");
        }

        return left is long a && right is long b ? Whole(sign, a, b, told) : Plain(sign switch
        {
            '+' => Number(left, told) + Number(right, told),
            '-' => Number(left, told) - Number(right, told),
            '*' => Number(left, told) * Number(right, told),
            '/' => Number(left, told) / Number(right, told),
            _ => Number(left, told) % Number(right, told),
        }, told);
    }

    /// <summary>A power; of whole numbers a whole number, unless the exponent is negative.</summary>
    public static object Power(object left, object right)
    {
        var told = $"pow({Show(left)}, {Show(right)})";
        if (left is not long basis || right is not long exponent || exponent < 0)
        {
            return Plain(Math.Pow(Number(left, told), Number(right, told)), told);
        }

        // Only powers of 0, 1 and -1 go on beyond 64 factors.
        var factors = Math.Abs(basis) <= 1 && exponent > 2 ? 2 - (exponent % 2) : exponent;
        var power = 1L;
        for (var i = 0L; i < factors; i++)
        {
            power = Exact(() => power * basis, told);
        }

        return power;
    }

    /// <summary>A number without its sign.</summary>
    public static object Absolute(object number) => number is long whole ? whole < 0 ? Negative(whole) : whole : Plain(Math.Abs(Number(number, "abs()")), "abs()");

    /// <summary>A number with the other sign.</summary>
    public static object Negative(object number) => number is long whole ? Exact(() => -whole, $"-({whole})") : Plain(-Number(number, "-"), "-");

    /// <summary>A number rounded to whole ones, or to some places behind the point. What is whole stays.</summary>
    public static object Rounded(Func<double, double> rounding, object number, string told) => number is long ? number : Plain(rounding(Number(number, told)), told);

    /// <summary>A number rounded to places behind the point, halves to even.</summary>
    public static object Rounded(object number, object places) => places is long and >= 0 and <= MostPlaces and var count
        ? Rounded(x => Math.Round(x, (int)count), number, "round()")
        : throw No($"round() takes from 0 to {MostPlaces} places behind the point, not {Show(places)}");

    /// <summary>A square root.</summary>
    public static object Root(object number)
    {
        var told = $"sqrt({Show(number)})";
        if (number is long and > MostWhole and var whole)
        {
            var root = (long)Math.Sqrt(whole);
            foreach (var near in new[] { root - 1, root, root + 1 })
            {
                if ((Int128)near * near == whole)
                {
                    return near;
                }
            }
        }

        return Plain(Math.Sqrt(Number(number, told)), told);
    }

    /// <summary>Which of two numbers is greater: below 0, 0 or above 0.</summary>
    public static int Compare(object left, object right) => (left, right) switch
    {
        (long a, long b) => a.CompareTo(b),
        (double a, double b) => a.CompareTo(b),
        (long a, double b) => Compare(a, b),
        _ => -Compare((long)right, (double)left),
    };

    // Every long lies between these powers of two, so the truncated double is exact.
    private static int Compare(long whole, double number) => number >= 9_223_372_036_854_775_808.0 ? -1 : number < -9_223_372_036_854_775_808.0 ? 1
        : whole.CompareTo((long)Math.Truncate(number)) is var order && order != 0 ? order
        : 0.0.CompareTo(number - Math.Truncate(number));

    /// <summary>How a value is named in messages.</summary>
    public static string Show(object value) => value is string text ? $"'{Words.Short(text)}'" : Formula.Show(value);

    /// <summary>A failure: why there is no value, and what to do.</summary>
    public static ArithmeticException No(string why) => new(why);

    private static object Whole(char sign, long a, long b, string told) => sign switch
    {
        '+' => Exact(() => a + b, told),
        '-' => Exact(() => a - b, told),
        '*' => Exact(() => a * b, told),
        '%' => b == -1 ? 0L : a % b,
        _ => b == -1 ? Exact(() => -a, told) : a % b == 0 ? a / b : Plain(Number(a, told) / Number(b, told), told),
    };

    private static long Exact(Func<long> compute, string told)
    {
        try
        {
            return compute();
        }
        catch (OverflowException e)
        {
            throw new ArithmeticException($"{told} is more than the 64 bits of a whole number hold; use smaller numbers", e);
        }
    }

    private static double Number(object value, string told) => value switch
    {
        double number => number,
        long and >= -MostWhole and <= MostWhole and var whole => whole,
        long whole => throw No($"{told} is no whole number, and decimals are exact up to 2^53 only, which {whole.ToString(CultureInfo.InvariantCulture)} is beyond; use smaller numbers"),
        string text => throw No($"{told} computes with the text {Show(text)}; {(Formula.Meaning(text) is string ? "use a number" : $"write {Words.Short(text)} without quotes")}"),
        _ => throw No($"{told} computes with {Show(value)}, which is true or false and no number; write {Show(value)} ? 1 : 0"),
    };

    private static object Plain(double number, string told)
    {
        if (!double.IsFinite(number))
        {
            throw No($"{told} is no finite number; use other numbers");
        }

        var isWhole = Math.Floor(number) == number && Math.Abs(number) <= MostWhole;
        object whole = isWhole ? (long)number : 0L;
        return isWhole ? whole : number;
    }
}
