using Reflink.Studies.Scenarios.Text;
using Reflink.Units;

namespace Reflink.Studies.Programs;

/// <summary>
/// A number, a text, or true or false, with the arithmetic of a study's formulas: whole numbers of 64 bits are exact and overflow is an error, <c>/</c> gives a
/// decimal unless it comes out whole, <c>+</c> joins texts, and numbers are not compared with texts.
/// </summary>
/// <example><code>
/// var size = Value.Of("64K");
/// Console.WriteLine($"{size / 3} {size / 4}");    // 21845.333333333332 16384
/// </code></example>
public readonly struct Value : IEquatable<Value>
{
    private readonly object? _value;

    private Value(object value) => _value = value;

    internal object Inner => _value ?? "";

    /// <summary>What a text means in a study: a number, also with a unit such as <c>64K</c>, <c>true</c> or <c>false</c>, or the text itself.</summary>
    /// <param name="text">The text.</param>
    public static Value Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(Formula.Meaning(text));
    }

    /// <summary>The lesser of two values.</summary>
    /// <exception cref="ReflinkException">EINVAL: they are of different kinds.</exception>
    public static Value Min(Value left, Value right) => left <= right ? left : right;

    /// <summary>The greater of two values.</summary>
    /// <exception cref="ReflinkException">EINVAL: they are of different kinds.</exception>
    public static Value Max(Value left, Value right) => left >= right ? left : right;

    /// <summary>A number without its sign.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is no number, or more than 64 bits hold.</exception>
    public static Value Abs(Value number) => Compute(() => FormulaNumbers.Absolute(number.Inner));

    /// <summary>The whole number below, or the number if it is whole.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is no number.</exception>
    public static Value Floor(Value number) => Compute(() => FormulaNumbers.Rounded(Math.Floor, number.Inner, "Floor()"));

    /// <summary>The whole number above, or the number if it is whole.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is no number.</exception>
    public static Value Ceiling(Value number) => Compute(() => FormulaNumbers.Rounded(Math.Ceiling, number.Inner, "Ceiling()"));

    /// <summary>A number rounded to places behind the point, halves to even.</summary>
    /// <param name="number">The number.</param>
    /// <param name="places">How many, from 0 to 15.</param>
    /// <exception cref="ReflinkException">EINVAL: it is no number, or there cannot be so many places.</exception>
    public static Value Round(Value number, Value places) => Compute(() => FormulaNumbers.Rounded(number.Inner, places.Inner));

    /// <summary>A square root.</summary>
    /// <exception cref="ReflinkException">EINVAL: it has none.</exception>
    public static Value Sqrt(Value number) => Compute(() => FormulaNumbers.Root(number.Inner));

    /// <summary>A power; of whole numbers a whole number, unless the exponent is negative.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is no such number.</exception>
    public static Value Pow(Value basis, Value exponent) => Compute(() => FormulaNumbers.Power(basis.Inner, exponent.Inner));

    /// <summary>The texts of values one behind the other.</summary>
    public static Value Concat(params ReadOnlySpan<Value> values) => string.Concat(values.ToArray());

    /// <summary>A whole number in hexadecimal digits, as control files take addresses.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is no whole number.</exception>
    public static Value Hex(Value number) => Whole(number).ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Numbers from one to another, one by one.</summary>
    /// <exception cref="ReflinkException">EINVAL: they are no whole numbers.</exception>
    public static IEnumerable<Value> Range(Value from, Value to) => Range(from, to, 1);

    /// <summary>Numbers from one to another in steps.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">None is greater.</param>
    /// <param name="by">How much each is greater than the one before.</param>
    /// <exception cref="ReflinkException">EINVAL: they are no whole numbers, or do not grow.</exception>
    public static IEnumerable<Value> Range(Value from, Value to, Value by) => Scenarios.Actions.LoopValues.Range.Steps(Whole(from), Whole(to), Whole(by), null).Select(number => (Value)number);

    /// <summary>Numbers from one to another, each a multiple of the one before.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">None is greater.</param>
    /// <param name="times">How many times as great each is as the one before.</param>
    /// <exception cref="ReflinkException">EINVAL: they are no whole numbers, or do not grow.</exception>
    public static IEnumerable<Value> Multiples(Value from, Value to, Value times) => Scenarios.Actions.LoopValues.Range.Steps(Whole(from), Whole(to), null, Whole(times)).Select(number => (Value)number);

    /// <summary>Whether it is the same as one of some values; values of different kinds are never the same.</summary>
    public bool IsOneOf(params ReadOnlySpan<Value> values) => values.Contains(this);

    /// <summary>The member of an enumeration of that name, in small letters or not: <c>block</c> for <see cref="CacheKeying.Block"/>.</summary>
    /// <exception cref="ReflinkException">EINVAL: there is none.</exception>
    public T As<T>()
        where T : struct, Enum =>
        _value is string text && Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true)
        : throw Wrong($"there is no {typeof(T).Name} '{this}'; there are {string.Join(", ", Enum.GetNames<T>())}");

    /// <inheritdoc/>
    public bool Equals(Value other) => FormulaValue.IsSame(Inner, other.Inner);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Value other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Inner.GetHashCode();

    /// <summary>As steps and tables show it: <c>true</c>, <c>12</c>, <c>0.5</c>, or the text.</summary>
    public override string ToString() => Formula.Show(Inner);

    /// <summary>A whole number.</summary>
    public static implicit operator Value(long number) => new(number);

    /// <summary>A decimal number; it counts as a whole one if it is whole.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is not finite.</exception>
    public static implicit operator Value(double number) => Compute(() => Formula.Plain(number));

    /// <summary>True or false.</summary>
    public static implicit operator Value(bool truth) => new(truth);

    /// <summary>A text, which is no number whatever it says (<see cref="Of"/>).</summary>
    public static implicit operator Value(string text) => new(text);

    /// <summary>The whole number, also if it is a text such as <c>64K</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is none.</exception>
    public static explicit operator long(Value value) => value.Inner is long number ? number : value.Inner is string text && Formula.Meaning(text) is long size ? size
        : throw Wrong($"{FormulaNumbers.Show(value.Inner)} is no whole number; write one, such as 64 or Value.Of(\"64K\")");

    /// <summary>The whole number.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is none, or more than 32 bits hold.</exception>
    public static explicit operator int(Value value) => (long)value is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw Wrong($"{value} is more than 32 bits hold; use a smaller number");

    /// <summary>The text.</summary>
    public static explicit operator string(Value value) => value.ToString();

    /// <summary>Whether it is true, also if it is the text <c>true</c>.</summary>
    /// <exception cref="ReflinkException">EINVAL: it is neither true nor false.</exception>
    public static explicit operator bool(Value value) => IsTrue(value.Inner is string text ? Of(text) : value);

    /// <summary>Whether it is true.</summary>
    public static bool operator true(Value value) => IsTrue(value);

    /// <summary>Whether it is false.</summary>
    public static bool operator false(Value value) => !IsTrue(value);

    /// <summary>Whether it is false.</summary>
    public static bool operator !(Value value) => !IsTrue(value);

    /// <summary>Whether both are true.</summary>
    public static Value operator &(Value left, Value right) => IsTrue(left) & IsTrue(right);

    /// <summary>Whether one is true.</summary>
    public static Value operator |(Value left, Value right) => IsTrue(left) | IsTrue(right);

    /// <summary>Whether they are equal.</summary>
    public static bool operator ==(Value left, Value right) => Order(left, right) == 0;

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Value left, Value right) => Order(left, right) != 0;

    /// <summary>Whether the left one is less.</summary>
    public static bool operator <(Value left, Value right) => Order(left, right) < 0;

    /// <summary>Whether the left one is not greater.</summary>
    public static bool operator <=(Value left, Value right) => Order(left, right) <= 0;

    /// <summary>Whether the left one is greater.</summary>
    public static bool operator >(Value left, Value right) => Order(left, right) > 0;

    /// <summary>Whether the left one is not less.</summary>
    public static bool operator >=(Value left, Value right) => Order(left, right) >= 0;

    /// <summary>The sum, or both texts joined if one is a text.</summary>
    public static Value operator +(Value left, Value right) => left.Inner is string || right.Inner is string ? string.Concat(left.ToString(), right.ToString()) : Compute('+', left, right);

    /// <summary>The difference.</summary>
    public static Value operator -(Value left, Value right) => Compute('-', left, right);

    /// <summary>The product.</summary>
    public static Value operator *(Value left, Value right) => Compute('*', left, right);

    /// <summary>The quotient: whole if it comes out whole, otherwise a decimal.</summary>
    public static Value operator /(Value left, Value right) => Compute('/', left, right);

    /// <summary>The remainder.</summary>
    public static Value operator %(Value left, Value right) => Compute('%', left, right);

    /// <summary>The number with the other sign.</summary>
    public static Value operator -(Value value) => Compute(() => FormulaNumbers.Negative(value.Inner));

    internal static Value From(object value) => new(value);

    private static long Whole(Value value) => value.Inner is long number ? number : throw Wrong($"{FormulaNumbers.Show(value.Inner)} is no whole number; write one, such as 64");

    private static Value Compute(char sign, Value left, Value right) => Compute(() => FormulaNumbers.Compute(sign, left.Inner, right.Inner));

    private static Value Compute(Func<object> compute) => new(Run(compute));

    private static int Order(Value left, Value right) => Run(() => FormulaValue.Compare(left.Inner, right.Inner));

    private static bool IsTrue(Value value) => Run(() => FormulaValue.IsTrue(value.Inner, "a condition"));

    private static T Run<T>(Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (ArithmeticException e)
        {
            throw new ReflinkException(Errno.EINVAL, e.Message, e);
        }
    }

    private static ReflinkException Wrong(string why) => new(Errno.EINVAL, why);
}
