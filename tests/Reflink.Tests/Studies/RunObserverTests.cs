using System.Text;
using System.Text.Json;
using Reflink.Studies.Experiments;
using Reflink.Studies.Scenarios;
using Reflink.Studies.Scenarios.Measures;
using Reflink.Studies.Watching;

namespace Reflink.Tests.Studies;

/// <summary>Runs that are watched: their events as lines of JSON and as a trace, and what watching must not change.</summary>
public sealed class RunObserverTests
{
    // More memory is wanted than there is, equal pages merge, and the power is cut in the end.
    private const string Text = """
        study: watched
        machine: {memory: 1MiB, min-free: 64K, swap: 8MiB, policy: linux, disk: kept, dirty: kernel}
        measure: [frames, evicted, vmstat.pgfault, vmstat.pgmajfault, vmstat.nr_written, vmstat.pageoutrun, vmstat.allocstall_movable]
        steps:
          - create base 2MiB
          - clone base copy
          - heap m one 1MiB
          - contents m one 7 0 1MiB
          - map base two
          - load base two
          - fork one three
          - heap k four 64K
          - contents k four 9 0 64K
          - heap l five 64K
          - contents l five 9 0 64K
          - advise k four
          - advise l five
          - control run 1
          - wait 200
          - sample: squeezed
          - exit three
          - sync
          - when: crashes
            do: [crash, read base]
        parameters: {crashes: ['false', 'true']}
        """;

    [Fact]
    public void The_sums_of_event_lines_are_the_counters_that_the_run_measures()
    {
        var (result, lines) = Lines("false");
        long Of(string name) => lines.LongCount(line => line.GetProperty("event").GetString() == name);
        long Sum(string name, string field) => lines.Where(line => line.GetProperty("event").GetString() == name).Sum(line => line.GetProperty(field).GetInt64());

        Assert.Equal(result.Values["vmstat.pgfault"], Of("page_fault_user"));
        Assert.Equal(result.Values["vmstat.pgmajfault"], Sum("page_fault_user", "major"));
        Assert.Equal(result.Values["vmstat.nr_written"], Sum("writeback_pages_written", "pages"));
        Assert.Equal(result.Values["vmstat.pageoutrun"], Of("mm_vmscan_kswapd_wake"));
        Assert.Equal(result.Values["evicted"], Sum("mm_vmscan_lru_shrink_inactive", "nr_reclaimed"));
        Assert.True(Of("page_fault_user") > 0 && Of("mm_vmscan_kswapd_wake") > 0 && Of("ksm_merge_one_page") > 0 && Of("sched_process_exit") == 1);
        Assert.Superset(new HashSet<string?> { "kswapd", "ksmd", "one-1", "two-2" }, lines.Select(line => line.GetProperty("account").GetString()).ToHashSet());
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void Times_of_event_lines_never_go_back_within_an_account(string crashes)
    {
        var last = new Dictionary<string, long>();
        foreach (var line in Lines(crashes).Lines)
        {
            var (account, time) = (line.GetProperty("account").GetString()!, line.GetProperty("time").GetInt64());
            Assert.InRange(time, last.GetValueOrDefault(account), long.MaxValue);
            last[account] = time;
        }
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public void In_a_trace_begin_and_end_pair_up_and_times_never_go_back_within_a_track(string crashes)
    {
        using var trace = JsonDocument.Parse(Trace(crashes).Bytes);
        var entries = trace.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var (open, last) = (new Dictionary<string, Stack<string>>(), new Dictionary<string, decimal>());
        foreach (var entry in entries.Where(entry => entry.GetProperty("ph").GetString() != "M"))
        {
            var (kind, pid) = (entry.GetProperty("ph").GetString(), entry.GetProperty("pid").GetInt32());
            var track = kind == "C" ? $"{pid} {entry.GetProperty("name").GetString()}" : $"{pid}/{entry.GetProperty("tid").GetInt32()}";
            var time = entry.GetProperty("ts").GetDecimal();
            Assert.InRange(time, last.GetValueOrDefault(track), decimal.MaxValue);
            last[track] = time;
            var slices = open.TryGetValue(track, out var found) ? found : open[track] = [];
            if (kind == "B")
            {
                slices.Push(entry.GetProperty("name").GetString()!);
            }
            else if (kind == "E")
            {
                // speedscope goes by the name.
                Assert.Equal(slices.Pop(), entry.GetProperty("name").GetString());
            }

            Assert.InRange(slices.Count, 0, 2);
        }

        Assert.All(open.Values, Assert.Empty);
        var named = entries.Where(entry => entry.GetProperty("ph").GetString() == "M").Select(entry => entry.GetProperty("args").GetProperty("name").GetString()).ToList();
        Assert.Superset(new HashSet<string?> { "scenario", "steps", "machine", "kswapd", "ksmd", "one-1" }, named.ToHashSet());
        Assert.Equal(crashes == "true", named.Contains("machine, switched on again"));
        var steps = entries.Where(entry => entry.GetProperty("ph").GetString() == "B" && entry.GetProperty("pid").GetInt32() == 0).Select(entry => entry.GetProperty("name").GetString()).ToList();
        Assert.Equal(["create base 2MiB", "clone base copy", "heap m one 1MiB"], steps.Take(3));
        Assert.Equal(crashes == "true" ? 19 : 17, steps.Count);
        Assert.Contains(entries, entry => entry.GetProperty("ph").GetString() == "C" && entry.GetProperty("name").GetString() == "dirty" && entry.GetProperty("args").GetProperty("dirty").GetInt64() > 0);
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes_and_watching_changes_nothing()
    {
        var (scenario, plan) = Plan("true");
        var alone = scenario.Run(plan);
        var (watched, bytes) = Trace("true");

        Assert.Equal(bytes, Trace("true").Bytes);
        Assert.Equal(Lines("true").Lines.Select(line => line.GetRawText()), Lines("true").Lines.Select(line => line.GetRawText()));
        Assert.Null(alone.Failure);
        Assert.Equal(alone.Values, watched.Values);
        Assert.Equal(alone.Samples.Select(row => (row.Time, row.Label)), watched.Samples.Select(row => (row.Time, row.Label)));
    }

    [Fact]
    public void A_long_step_shows_its_machine_between_its_parts()
    {
        var host = Path.GetTempFileName();
        File.WriteAllBytes(host, new byte[3 << 20]);
        var scenario = Scenario.Parse($"study: t\nmachine: {{memory: 8MiB}}\nmeasure: [frames]\nsteps: [import {host} a, heap m p 3MiB, contents m p 1 0 3MiB, advise m p, pass 3]", "t.yaml");
        var parts = new Parts();
        var result = scenario.Run(scenario.Plan().Single(), default, parts);
        File.Delete(host);

        Assert.Null(result.Failure);
        Assert.Equal(["pass 0: 768 private", "pass 1: 768 private", "pass 2: 768 private"], parts.Told.TakeLast(3));
        Assert.Contains(parts.Told, told => told.StartsWith($"import {host} 1048576:", StringComparison.Ordinal));
        Assert.Contains("contents 1048576: 256 private", parts.Told);
    }

    [Fact]
    public void A_step_that_fails_ends_in_the_trace_too()
    {
        var scenario = Scenario.Parse("study: t\nsteps: [create a 4K, create a 4K]", "t.yaml");
        var stream = new MemoryStream();
        using (var trace = new ChromeTrace(stream))
        {
            Assert.Contains("EEXIST", scenario.Run(scenario.Plan().Single(), default, trace).Failure, StringComparison.Ordinal);
        }

        using var json = JsonDocument.Parse(stream.ToArray());
        var kinds = json.RootElement.GetProperty("traceEvents").EnumerateArray().Where(entry => entry.GetProperty("pid").GetInt32() == 0).Select(entry => entry.GetProperty("ph").GetString());
        Assert.Equal(["M", "M", "B", "E", "B", "E"], kinds);
    }

    private sealed class Parts : IRunObserver
    {
        public List<string> Told { get; } = [];

        public void SwitchedOn(Machine machine)
        {
        }

        public void StepBegins(string step, RunMoment now)
        {
        }

        public void StepGoesOn(ExperimentProgress done, RunMoment now) => Told.Add($"{done.Step} {done.Done}: {now.Frames(FrameKind.Private)} private");

        public void StepEnds(string? outcome, RunMoment now)
        {
        }

        public void Sampled(string label, RunMoment now)
        {
        }
    }

    private static (Scenario Scenario, RunPlan Plan) Plan(string crashes)
    {
        var scenario = Scenario.Parse(Text, "watched.yaml").With([new("crashes", [crashes])]);
        return (scenario, scenario.Plan().Single());
    }

    private static (RunResult Result, List<JsonElement> Lines) Lines(string crashes)
    {
        var ((scenario, plan), stream) = (Plan(crashes), new MemoryStream());
        using var lines = new EventLines(stream);
        var result = scenario.Run(plan, default, lines);
        Assert.Null(result.Failure);
        return (result, [.. Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line))]);
    }

    private static (RunResult Result, byte[] Bytes) Trace(string crashes)
    {
        var ((scenario, plan), stream) = (Plan(crashes), new MemoryStream());
        RunResult result;
        using (var trace = new ChromeTrace(stream))
        {
            result = scenario.Run(plan, default, trace);
        }

        Assert.Null(result.Failure);
        return (result, stream.ToArray());
    }
}
