using Reflink.Cli.Reporting;

namespace Reflink.Cli.Tests;

/// <summary>How a table comes to fit a width, step by step.</summary>
public sealed class ReportTests
{
    private static readonly ReportTable s_table = new(
        "",
        ["way", new("saved pages", 2, "saved"), "state", new("cost_in_ms", 1), "what it means"],
        [
            ["merged", 1234L, "clean", new Quantity("12.34", "12"), "each page has one frame for all who map it"],
            ["not merged", null, "clean", new Quantity("0.10", "0"), "nothing"],
        ]);

    [Theory]
    [InlineData(90, """
        way         saved pages  state  cost_in_ms  what it means
        merged             1234  clean       12.34  each page has one frame for all who map it
        not merged            -  clean        0.10  nothing
        """)]
    [InlineData(70, """
        way         saved pages  state  cost_in_ms  what it means
        merged             1234  clean       12.34  each page has one frame
                                                    for all who map it
        not merged            -  clean        0.10  nothing
        """)]
    public void Text_in_the_last_column_goes_on_below_itself(int width, string text) => Prints(text, width);

    [Fact]
    public void Units_and_headings_are_shortened_then_broken() => Prints("""
        way         saved  state  cost_in_ms  what it means
        merged       1234  clean          12  each page has one frame
                                              for all who map it
        not merged      -  clean           0  nothing
        """, 63);

    [Fact]
    public void Columns_that_say_nothing_and_those_least_needed_are_left_out_and_named() => Prints("""
        way         cost_in_ms  what it means
        merged           12.34  each page has one frame
                                for all who map it
        not merged        0.10  nothing
        left out: saved pages, state (clean in every
          row); --wide shows them
        """, 48);

    [Fact]
    public void In_a_very_narrow_terminal_a_row_is_a_block() => Prints("""
        way: merged
          saved pages: 1234
          state: clean
          cost_in_ms: 12.34
          what it means:
            each page has one
            frame for all who
            map it
        way: not merged
          saved pages: -
          state: clean
          cost_in_ms: 0.10
          what it means:
            nothing
        """, 22);

    [Fact]
    public void A_long_name_has_a_line_to_itself() => Assert.Equal("""
        file                               size
        short                                 1
        a-name-that-is-longer-than-half-of-a-line
                                            300

        """, new Report().Table(new("", ["file", "size"], [["short", 1L], ["a-name-that-is-longer-than-half-of-a-line", 300L]])).Text(39), ignoreAllWhiteSpace: true);

    [Fact]
    public void Names_are_never_broken() => Assert.Equal(
        "kind  name\nfile  'a b c'\nfile\n    'a name with spaces'\n",
        new Report().Table(new("", ["kind", "name"], [["file", new Whole("'a b c'")], ["file", new Whole("'a name with spaces'")]])).Text(20));

    [Fact]
    public void A_command_of_a_shell_stays_one() => Assert.Equal(
        "$ echo one two three > \\\n  /a/rather/long/path\n", new Report().Note("$ echo one two three > /a/rather/long/path").Text(26));

    [Fact]
    public void CSV_quotes_what_needs_it() => Assert.Equal(
        "name,page_count,with\n\"a,\"\"b\",1,\"{\"\"c\"\":2}\"\nd,,\n",
        Csv.Of([new { Name = "a,\"b", PageCount = (int?)1, With = (object?)new { c = 2 } }, new { Name = "d", PageCount = (int?)null, With = (object?)null }]));

    private static void Prints(string text, int width) => Assert.Equal(text.ReplaceLineEndings("\n") + "\n", new Report().Table(s_table).Text(width));
}
