using System.Text;
using Reflink.Studies.Scenarios;
using Reflink.Units;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>What the author of a scenario is told of mistakes, before anything runs.</summary>
public sealed class MistakeTests
{
    private const string Letters = "{[]}:,&*#?|-<>=!%@`'\"\n\t ${}~0x9K";

    [Fact]
    public void Five_mistakes_are_told_at_once_each_with_line_column_cause_and_remedy() => Assert.Equal(
        """
        EINVAL: 5 mistakes in the study, nothing was run:
          new.yaml:4:11: 'machine' has no 'polcy'; did you mean policy?
          new.yaml:4:33: '64 MiB' is no memory: memory of the machine, 64 KiB at the least; it takes bytes, such as 4096, 0x1000, 64K, 64MiB or 2G
          new.yaml:5:19: there is nothing 'frame' to measure; did you mean frames? 'reflink study metrics' lists all of them
          new.yaml:7:3: 'clone' has 1 word behind its name; write it 'clone NAME NEW'
          new.yaml:8:3: nothing is named 'sice' here; did you mean size? There are seed, size, or a metric of 'reflink study metrics'
        """.ReplaceLineEndings("\n"),
        Message("study: new", "about: a study with mistakes", "parameters: {size: ['64 MiB', 1M]}", "machine: {polcy: linux, memory: '${size}'}", "measure: [frames, frame]", "steps:", "- clone a", "- create b ${sice}"));

    [Theory]
    [InlineData("1:1: the file is empty", "")]
    [InlineData("1:1: a study needs 'study'", "steps: [create a 4K]")]
    [InlineData("1:8: 'a b' is no name of a study", "study: a b\nsteps: [create a 4K]")]
    [InlineData("2:1: a study has no 'step'; did you mean steps?", "study: a\nstep: [create a 4K]")]
    [InlineData("3:1: 'steps' is here for the second time", "study: a\nsteps: [create a 4K]\nsteps: [create a 4K]")]
    [InlineData("2:9: there is no step 'creat'; did you mean create?", "study: a\nsteps: [creat a 4K]")]
    [InlineData("2:9: 'create' has '4Q' for SIZE", "study: a\nsteps: [create a 4Q]")]
    [InlineData("2:34: 'create' has '4Q' for SIZE", "study: a\nsteps: [{create: {name: a, size: 4Q}}]")]
    [InlineData("2:18: 'create' needs 'size'", "study: a\nsteps: [{create: {name: a}}]")]
    [InlineData("2:28: 'create' has no 'sice'; did you mean size?", "study: a\nsteps: [{create: {name: a, sice: 4K}}]")]
    [InlineData("2:9: 'import' needs the file '/no/such', which this computer does not have", "study: a\nsteps: [import /no/such a]")]
    [InlineData("3:9: 'create' has '1x' for SIZE", "study: a\nparameters: {n: [1, 2, 1x]}\nsteps: ['create a ${n}']")]
    [InlineData("2:9: '1 +' is no formula", "study: a\nsteps: ['create a ${1 +}']")]
    [InlineData("2:18: there is no function maxx(); did you mean max?", "study: a\nsteps: [{expect: 'maxx(1, 2) == 2'}]")]
    [InlineData("2:18: 'expect' takes a comparison", "study: a\nsteps: [{expect: 1 + 1}]")]
    [InlineData("3:17: this 'while' never ends", "study: a\nparameters: {n: [3]}\nsteps: [{while: n > 2, do: [create a 4K]}]")]
    [InlineData("2:25: n takes a whole number from 1 to 8, not '9'", "study: a\nparameters: {n: {value: 9, least: 1, most: 8}}\nsteps: [create a 4K]")]
    [InlineData("2:15: 'row' takes the name of a table", "study: a\nsteps: [{row: {frames: frames}}]")]
    [InlineData("2:16: 'a/b' is no name of a table", "study: a\nsteps: [{row: {a/b: {frames: frames}}}]")]
    [InlineData("3:24: table 't' has no column 'frame'; did you mean frames?", "study: a\nsteps: [{row: {t: {frames: frames}}}]\ntables: {t: {details: [frame]}}")]
    [InlineData("3:21: 'frames' is measured on the machine", "study: a\nsteps: [{row: {t: {frames: frames}}}]\ntables: {t: {title: '${frames}'}}")]
    [InlineData("2:18: '1 / 0 > 1' has no value", "study: a\nsteps: [{expect: 1 / 0 > 1}]")]
    [InlineData("2:17: this range does not grow", "study: a\nparameters: {n: {from: 1, to: 4, by: 0}}\nsteps: [create a 4K]")]
    [InlineData("2:17: 'n' has 1 twice", "study: a\nparameters: {n: [1, 2, 1]}\nsteps: [create a 4K]")]
    [InlineData("3:14: 'frames' is measured, too", "study: a\nmeasure: [frames]\nparameters: {frames: [1]}\nsteps: [create a 4K]")]
    [InlineData("2:14: 'seed' is what random choices are drawn with", "study: a\nparameters: {seed: [1]}\nsteps: [create a 4K]")]
    [InlineData("no machine can be made so: Memory is 4096 bytes", "study: a\nmachine: {memory: 4K}\nsteps: [create a 4K]")]
    [InlineData("2:24: this is no YAML: aliases", "study: a\nparameters: {n: [&x 1, *x]}\nsteps: [create a 4K]")]
    [InlineData("within [ ] and { } put texts with ${...} into quotes", "study: a\nparameters: {n: [1]}\nsteps: [create a${n} 4K]")]
    [InlineData("'steps' is empty, so nothing would be done", "study: a\nsteps: []")]
    [InlineData("there is nothing to choose from", "study: a\nsteps: [{choose: []}]")]
    [InlineData("this list is empty", "study: a\nsteps: [{for: {i: []}, do: [create a 4K]}]")]
    [InlineData("'record' takes names with formulas", "study: a\nsteps: [{record: {}}]")]
    [InlineData("'sample' takes something behind a colon", "study: a\nsteps: [sample]")]
    [InlineData("a second document begins here", "study: a\nsteps: [create a 4K]\n---\nstudy: b")]
    [InlineData("results have no column 'read'; did you mean reads?", "study: a\nmeasure: [reads]\nsteps: [create a 4K]\ncharts: [{x: seed, y: read}]")]
    [InlineData("the parameters and seeds make 1,001,000 runs", "study: a\nseeds: 1001\nparameters: {n: {from: 1, to: 1000}}\nsteps: [create a 4K]")]
    [InlineData("'frames' is measured on the machine, or comes from its steps, and is not known here", "study: a\nmachine: {memory: '${frames}'}\nsteps: [create a 4K]")]
    public void A_mistake_is_told_with_its_place(string message, string text) =>
        Assert.Contains(message, Assert.Throws<ReflinkException>(() => Scenario.Parse(text, "t.yaml")).Message, StringComparison.Ordinal);

    /// <summary>Whatever is read, the answer is a scenario or the sentence that says why it is none.</summary>
    [Fact]
    public void Damaged_scenarios_are_refused_in_words()
    {
        var random = new Random(7);
        var whole = ShippedStudies.Names.Select(ShippedStudies.Text).ToList();
        for (var i = 0; i < 2_000; i++)
        {
            var text = new StringBuilder(whole[i % whole.Count]);
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(4) switch
                {
                    0 => text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at)),
                    1 => text.Insert(at, Letters[random.Next(Letters.Length)]),
                    2 => text.Insert(at, text.ToString(at, Math.Min(random.Next(1, 60), text.Length - at))),
                    _ => text.Insert(at, (char)random.Next(0x20, 0x2FF)),
                };
            }

            try
            {
                _ = Scenario.Parse(text.ToString(), "t.yaml");
            }
            catch (ReflinkException e)
            {
                Assert.Equal(Errno.EINVAL, e.Error);
            }
        }
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused_before_it_fills_the_stack(char open) =>
        Assert.Contains("deep in each other", Assert.Throws<ReflinkException>(() => Scenario.Parse($"study: {new string(open, 100_000)}", "t.yaml")).Message, StringComparison.Ordinal);

    private static string Message(params string[] lines) => Assert.Throws<ReflinkException>(() => Scenario.Parse(string.Join('\n', lines), "new.yaml")).Message;
}
