using Reflink.Studies.Scenarios;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>What formulas of a study come to: exact in 64 bits, or refused in words that name the values and the remedy.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData("pow(2, 60) + 1", 1152921504606846977)]
    [InlineData("pow(-3, 39)", -4052555153018976267)]
    [InlineData("pow(-1, 9223372036854775807)", -1)]
    [InlineData("pow(0, 0) + pow(0, 7)", 1)]
    [InlineData("abs(-9007199254740993)", 9007199254740993)]
    [InlineData("floor(9007199254740993) + ceiling(0)", 9007199254740993)]
    [InlineData("round(9007199254740993, 2)", 9007199254740993)]
    [InlineData("9007199254740993 / 1", 9007199254740993)]
    [InlineData("sqrt(9223372030926249001)", 3037000499)]
    [InlineData("max(9007199254740993, 9007199254740992.0)", 9007199254740993)]
    [InlineData("min(1.5, 2) * 2", 3)]
    [InlineData("-7 % 3", -1)]
    [InlineData("1 << 62", 4611686018427387904)]
    [InlineData("if(size > 1, 2, 1 / 0)", 2)]
    public void Whole_numbers_stay_exact(string formula, long value) => Assert.Equal(value, Value(formula));

    [Theory]
    [InlineData("9007199254740993 == 9007199254740992.0", false)]
    [InlineData("9223372036854775807 < 1e19 && -9223372036854775807 > -1e19", true)]
    [InlineData("3 > 2.5 && 2.5 > 2 && -3 < -2.5", true)]
    [InlineData("word == 'block' and not (word == 'Block')", true)]
    [InlineData("in(word, 1, 'block') && size in (1, 64K)", true)]
    [InlineData("size > 0 || 1 / 0 > 1", true)]
    public void Comparisons_are_exact_and_ask_no_more_than_they_need(string formula, bool value) => Assert.Equal(value, Value(formula));

    [Theory]
    [InlineData("pow(2, -1)", 0.5)]
    [InlineData("size / 131072", 0.5)]
    [InlineData("round(2.345, 1)", 2.3)]
    public void Decimals_are_decimals(string formula, double value) => Assert.Equal(value, Value(formula));

    [Theory]
    [InlineData("size == '1MiB'", "65536 is a number and '1MiB' is a text, so they cannot be compared; write 1MiB without quotes")]
    [InlineData("size == word", "65536 is a number and 'block' is a text, so they cannot be compared; compare numbers with numbers, and texts with texts")]
    [InlineData("1/0", "1 / 0 divides by 0; divide by something else, or ask before")]
    [InlineData("size % 0.0", "65536 % 0 divides by 0")]
    [InlineData("pow(2, 64)", "pow(2, 64) is more than the 64 bits of a whole number hold; use smaller numbers")]
    [InlineData("9223372036854775807 + 1", "9223372036854775807 + 1 is more than the 64 bits")]
    [InlineData("abs(-9223372036854775807 - 1)", "-(-9223372036854775808) is more than the 64 bits")]
    [InlineData("9007199254740993 / 2", "decimals are exact up to 2^53 only, which 9007199254740993 is beyond")]
    [InlineData("9007199254740993 + 0.5", "decimals are exact up to 2^53 only, which 9007199254740993 is beyond")]
    [InlineData("9223372036854775808 - 1", "9223372036854775808 is more than the 64 bits of a whole number hold")]
    [InlineData("word * 2", "'block' * 2 computes with the text 'block'; use a number")]
    [InlineData("size - (1 == 1)", "65536 - true computes with true, which is true or false and no number; write true ? 1 : 0")]
    [InlineData("sqrt(-1)", "sqrt(-1) is no finite number")]
    [InlineData("size && size", "&& takes what is true or false, not 65536; write a comparison such as frames > 0")]
    [InlineData("min(1, 2, 3)", "min() does not take 3 values; it takes 2")]
    public void What_has_no_value_is_told_with_the_values_and_the_remedy(string formula, string message)
    {
        var told = Message(formula);

        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.DoesNotContain("Arithmetic", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 + {0} / 0")]
    [InlineData("1 + {0} nonsense")]
    [InlineData("x{0} + 1")]
    public void A_long_formula_is_cut_in_messages(string formula)
    {
        foreach (var length in new[] { 3_000, 200_000 })
        {
            Assert.InRange(Message(formula.Replace("{0}", new string('1', length), StringComparison.Ordinal)).Length, 80, 500);
        }
    }

    [Fact]
    public void Parentheses_that_fill_a_formula_do_not_fill_the_stack() =>
        Assert.Equal(65536L, Value($"{new string('(', 1_900)}size{new string(')', 1_900)}"));

    private static object? Value(string formula)
    {
        var scenario = Parse(formula);
        var result = scenario.Run(scenario.Plan().Single());
        Assert.Null(result.Failure);
        return result.Values["x"];
    }

    private static string Message(string formula) => Assert.Throws<ReflinkException>(() => Parse(formula)).Message;

    private static Scenario Parse(string formula) => Scenario.Parse($"study: t\nparameters: {{size: [64K], word: [block]}}\nsteps:\n- record:\n    x: \"{formula}\"", "t.yaml");
}
