using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>What a scenario's text means: its grid, its loops, its formulas, and what runs find.</summary>
public sealed class ScenarioTests
{
    [Fact]
    public void Every_pair_of_values_is_a_run_and_each_seed_repeats_it()
    {
        var scenario = Parse("parameters: {a: [1, 2K], b: {from: 1, to: 8, times: 2}}", "seeds: 2", "steps: [create f 4K]");

        Assert.Equal(2 * 4 * 2, scenario.RunCount);
        Assert.Equal(
            ["a 1, b 1, seed 1", "a 1, b 1, seed 2", "a 1, b 2, seed 1"], scenario.Plan().Take(3).Select(plan => plan.ToString()));
        Assert.Equal("a 2K, b 8, seed 2", scenario.Plan().Last().ToString());
        Assert.Equal(16, scenario.Plan().Select(plan => plan.Id).Distinct().Count());
    }

    [Fact]
    public void Formulas_count_in_64_bits_with_units_and_the_values_of_a_run()
    {
        var result = Run("parameters: {size: [64K]}", "steps:", "- record: {big: 3 * size * size, half: size / 131072, odd: size % 7 == 2, word: \"'x'\", least: 'min(size, 4G)'}");

        Assert.Null(result.Failure);
        Assert.Equal(3L << 32, result.Values["big"]);
        Assert.Equal(0.5, result.Values["half"]);
        Assert.Equal(65536 % 7 == 2, result.Values["odd"]);
        Assert.Equal("x", result.Values["word"]);
        Assert.Equal(65536L, result.Values["least"]);
    }

    [Fact]
    public void Loops_go_through_ranges_lists_and_what_the_machine_has()
    {
        var result = Run(
            "measure: [named, processes]", "steps:", "- for: {i: {from: 10, to: 30, by: 10}}", "  do:", "  - for: {kind: [x, 'y${i}']}", "    do: ['create f${i}${kind} 4K']",
            "- let: {seen: 0}", "- for: {f: files}", "  do:", "  - {let: {seen: seen + 1}}", "  - map ${f} p${seen}", "- for: {p: processes}", "  do: ['exit ${p}']", "- record: {loops: seen}");

        Assert.Null(result.Failure);
        Assert.Equal((6L, 0L, 6L), (result.Values["named"], result.Values["processes"], result.Values["loops"]));
    }

    [Fact]
    public void Steps_are_lines_or_maps_of_named_words()
    {
        var result = Run("measure: [named]", "steps:", "- create: {name: a, size: 64K}", "- clone-range: {name: a, offset: 0, length: 4K, other: b, other-offset: 8K}", "- 'read a'");

        Assert.Null(result.Failure);
        Assert.Equal(2L, result.Values["named"]);
    }

    [Fact]
    public void A_choice_is_drawn_by_the_seed_as_often_as_its_weight_says()
    {
        var scenario = Parse("seeds: 2", "steps:", "- let: {n: 0}", "- repeat: 1000", "  do:", "  - choose:", "    - {weight: 3, do: [{let: {n: n + 1}}]}", "    - [{let: {n: n}}]", "- record: {drawn: n, more: random(1M)}");
        var runs = scenario.Plan().Select(plan => scenario.Run(plan)).ToList();

        Assert.All(runs, run => Assert.InRange((long)run.Values["drawn"]!, 700, 800));
        Assert.NotEqual(runs[0].Values["more"], runs[1].Values["more"]);
        Assert.Equal(runs[0].Values["more"], scenario.Run(scenario.Plan().First()).Values["more"]);
    }

    [Fact]
    public void Samples_are_taken_when_told_and_in_time_also_within_a_wait()
    {
        var result = Run("measure: {of: [frames], every: 10ms}", "steps: [create a 16K, sample: made, wait 35, create b 16K]");

        Assert.Null(result.Failure);
        Assert.Equal([("made", 4L), ("", 4L), ("", 4L), ("", 4L), ("end", 8L)], result.Samples.Select(row => (row.Label, row.Values[0]!.Value)));
        Assert.All(result.Samples.Skip(2).Take(2).Zip(result.Samples.Skip(1)), pair => Assert.InRange(pair.First.Time - pair.Second.Time, 10_000_000, 10_001_000));
    }

    [Fact]
    public void A_step_that_fails_within_try_ends_it_and_the_run_goes_on()
    {
        var result = Run("machine: {memory: 64K}", "steps:", "- create a 32K", "- try: [heap m p 1MiB, 'contents m p 1', create b 4K]", "  failed: first", "- exit p", "- try: [read a]", "  failed: second", "- record: {first: first, second: second, named: named}");

        Assert.Null(result.Failure);
        Assert.Equal(("ENOMEM", "", 1L), (result.Values["first"], result.Values["second"], result.Values["named"]));
    }

    [Fact]
    public void Rows_of_all_runs_make_tables_with_a_column_for_what_differs()
    {
        var scenario = Parse(
            "parameters: {size: [4K, 8K], way: [a, b]}", "steps:", "- 'create f ${size}'", "- let: {n: 0}", "- while: n < 2", "  do: [{let: {n: n + 1}}, {row: {made: {way: way, n: n, frames: frames, none: \"''\"}}}]",
            "- note: for ${way}", "tables: {made: {title: 'of ${size}', details: [n]}}", "notes: ['with ${size / 4K} pages']");
        var tables = RunTables.Of(scenario, [.. scenario.Plan().Select(plan => scenario.Run(plan))]);
        var (table, details) = Assert.Single(tables.Tables);

        Assert.Equal("of 4K or 8K", table.Name);
        Assert.Equal(["size", "way", "n", "frames", "none"], table.Columns);
        Assert.Equal([[4096L, "a", 1L, 1L, null], [4096L, "a", 2L, 1L, null], [4096L, "b", 1L, 1L, null], [4096L, "b", 2L, 1L, null]], table.Rows.Take(4));
        Assert.Equal(8, table.Rows.Count);
        Assert.Equal(["n"], details);
        Assert.Equal(["with 1 pages", "for a", "for b"], tables.Notes);
    }

    [Fact]
    public void A_new_machine_is_empty_and_time_goes_on()
    {
        var result = Run(
            "measure: {of: [frames], every: 10ms}", "steps:", "- heap m p 8K 64GiB", "- contents m p 1", "- wait 25", "- record: {before: time, at: \"address('m', 'p')\", kept: \"frame('m', 'p', 1) >= 0\", none: \"pid('p')\"}",
            "- new-machine", "- record: {after: time, processes: processes, frames_now: frames}", "- wait 12");

        Assert.Null(result.Failure);
        Assert.Equal((64L << 30, true, 1L), (result.Values["at"], result.Values["kept"], result.Values["none"]));
        Assert.Equal((result.Values["before"], 0L, 0L), (result.Values["after"], result.Values["processes"], result.Values["frames_now"]));
        Assert.Equal([2L, 2L, 0L, 0L], result.Samples.Select(row => row.Values[0]!.Value));
    }

    [Fact]
    public void Processes_are_of_users_groups_and_NUMA_nodes()
    {
        var result = Run("machine: {numa-nodes: 2}", "steps:", "- spawn p mathieu 3", "- node p 1", "- heap m p 16K", "- contents m p 1", "- record: {odd: \"frame('m', 'p', 0) % 2 + frame('m', 'p', 3) % 2\"}", "- try: [node p 2]", "  failed: why", "- record: {why: why}");

        Assert.Null(result.Failure);
        Assert.Equal((2L, "EINVAL"), (result.Values["odd"], result.Values["why"]));
    }

    [Fact]
    public void Functions_that_ask_a_run_say_what_they_take()
    {
        Assert.Equal(
            "EINVAL: t.yaml:3: frame() does not take (m, 1); write it frame(NAME, PROCESS, PAGE), with names in '...'", Run("steps:", "- record: {x: \"frame('m', 1)\"}").Failure);
        Assert.StartsWith("ESRCH: t.yaml:3: there is no process 'q'", Run("steps:", "- record: {x: \"pid('q')\"}").Failure, StringComparison.Ordinal);
        Assert.Equal("1f", Run("steps:", "- record: {x: hex(31)}").Values["x"]);
    }

    [Fact]
    public void An_expectation_that_does_not_hold_fails_the_run_and_tells_the_values()
    {
        var result = Run("measure: [frames]", "parameters: {n: [3]}", "steps:", "- create a 16K", "- expect: frames == 4", "- {expect: frames < n, because: 'of ${n}'}", "- create b 16K");

        Assert.Equal("EINVAL: t.yaml:7: expected frames < n, but frames is 4, n is 3; expected because of 3", result.Failure);
        Assert.Equal((1L, 4L), (result.Expectations, result.Values["frames"]));
    }

    [Theory]
    [InlineData("'last' has no value yet", "- for: {i: {from: 1, to: 0}}", "  do: [let: {last: i}]", "- record: {z: last}")]
    [InlineData("'t + 1' has no value", "- let: {t: frames == 0}", "- record: {x: t + 1}")]
    [InlineData("it takes a comparison", "- expect: frames")]
    public void A_formula_without_a_value_fails_its_run_alone(string message, params string[] steps) =>
        Assert.Contains(message, Run(["steps:", .. steps]).Failure, StringComparison.Ordinal);

    [Fact]
    public void A_step_that_fails_names_its_line()
    {
        var result = Run("steps:", "- create a 16K", "- read b");

        Assert.StartsWith("ENOENT: t.yaml:4, 'read b': ", result.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_measured_is_what_the_machine_says()
    {
        var result = Run(
            "machine: {memory: 1MiB, policy: linux}", "measure: [frames, file, shared, private, merged, free, ksm.pages_sharing, vmstat.pgfault, meminfo.MemTotal, work.page_copied, saved]",
            "steps: [create a 64K, clone a b, create c 16K, heap h p 16K, store h p 0 x, map a p, map a q, store a p 0 y, store a q 0 y, advise a p, advise a q, pass 3]", "");

        Assert.Null(result.Failure);
        Assert.Equal([4 + 16 + 2L, 4L, 16L, 1L, 1L, 256 - 22L, 1L], result.Values.Values.Take(7).Cast<long>());
        Assert.Equal(1024L, result.Values["meminfo.MemTotal"]);
        Assert.Equal(2L, result.Values["work.page_copied"]);
        Assert.Equal(16L + 1, result.Values["saved"]);
    }

    [Fact]
    public void What_a_machine_does_not_keep_is_nothing_in_results_and_an_error_in_formulas()
    {
        Assert.Null(Run("machine: {policy: fifo}", "measure: [vmstat.pgactivate]", "steps: [create a 4K]").Values["vmstat.pgactivate"]);
        Assert.StartsWith("ENODATA: t.yaml:4: this machine does not keep vmstat.pgactivate", Run("machine: {policy: fifo}", "steps:", "- expect: vmstat.pgactivate == 0").Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_maps_say_who_has_which_frame()
    {
        var map = Assert.Single(Run("machine: {memory: 64K}", "steps: [create a 8K, clone a b, snapshot: both]").Maps);

        Assert.Equal(("both", 16), (map.Label, map.MemoryFrames));
        var run = Assert.Single(map.Runs);
        Assert.Equal((2, "Shared", "a:0 b:0"), (run.Count, run.Kind.ToString(), string.Join(' ', run.Owners.Select(o => $"{o.Name}:{o.Page}"))));
    }

    [Fact]
    public void A_trace_is_replayed_on_a_machine_like_the_scenarios()
    {
        var trace = Path.GetTempFileName();
        try
        {
            // Twenty pages in turn, three times, with room for sixteen: the first in, first out has left before it comes again.
            File.WriteAllBytes(trace, [.. Enumerable.Range(0, 60).SelectMany(n => BitConverter.GetBytes(n % 20))]);
            var scenario = Parse("machine: {memory: 64K, policy: lru, readahead: 0}", "steps:", $"- replay: {{trace: {trace}, format: u32}}", "- expect: misses == 60 && accesses == 60");

            Assert.Null(scenario.Run(scenario.Plan().Single()).Failure);
            Assert.Contains("misses", scenario.Columns);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [Fact]
    public void Values_can_be_changed_and_are_checked_again()
    {
        var scenario = Parse("parameters: {size: [4K]}", "machine: {memory: '${size * 64}'}", "measure: [free]", "steps: ['create a ${size}']");

        Assert.Equal(127L, scenario.With([new("size", ["8K"])]).Plan().Select(p => scenario.Run(p).Values["free"]).Single() is long free ? free + 1 : 0);
        Assert.Contains("did you mean size?", Assert.Throws<ReflinkException>(() => scenario.With([new("sise", ["8K"])])).Message, StringComparison.Ordinal);
        Assert.Contains("no machine can be made so", Assert.Throws<ReflinkException>(() => scenario.With([new("size", ["1"])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_result_does_not_depend_on_does_not_change_its_id()
    {
        static string Id(params string[] lines) => Parse(lines).Plan().First().Id;
        var id = Id("parameters: {a: [1, 2]}", "steps: ['create f ${a}K']");

        Assert.Equal(id, Id("about: more", "seeds: 3", "parameters: {a: [1, 5]}", "steps:", "- create f ${a}K   # one"));
        Assert.NotEqual(id, Id("parameters: {a: [1, 2]}", "machine: {memory: 1M}", "steps: ['create f ${a}K']"));
        Assert.NotEqual(id, Id("parameters: {a: [3, 2]}", "steps: ['create f ${a}K']"));
    }

    private static Scenario Parse(params string[] lines) => Scenario.Parse($"study: t\n{string.Join('\n', lines)}\n", "t.yaml");

    private static RunResult Run(params string[] lines)
    {
        var scenario = Parse(lines);
        return scenario.Run(scenario.Plan().Single());
    }
}
