using Reflink.Studies.Scenarios;
using Reflink.Studies.Sweeps;
using Reflink.Units;

namespace Reflink.Tests.Studies.Scenarios;

/// <summary>A study run into a folder: what is done stays, and nothing depends on how often it was interrupted or how many workers there were.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Text = """
        study: t
        parameters: {size: {from: 1, to: 20}, keying: [block, inode]}
        machine: {memory: 1MiB, keying: '${keying}'}
        measure: [frames, saved]
        steps: ['create a ${size * 4096}', clone a b, read a, read b, sample: read, snapshot: end]
        """;

    private static readonly Scenario s_scenario = Scenario.Parse(Text, "t.yaml");

    private readonly string _root = Directory.CreateTempSubdirectory("reflink-sweep-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void One_worker_and_several_write_the_same_files()
    {
        _ = Run("one", 1);
        _ = Run("four", 4);

        Assert.Equal(40, Files("one").Count(file => file.Key.StartsWith("runs", StringComparison.Ordinal)));
        Assert.Equal(Files("one"), Files("four"));
    }

    [Fact]
    public void A_sweep_that_was_interrupted_goes_on_and_ends_with_the_same_files()
    {
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run("parts", 2, null, now =>
        {
            if (now.Done == 20)
            {
                cancel.Cancel();
            }
        }, cancel.Token));
        var kept = Files("parts").Keys.Where(name => name.StartsWith("runs", StringComparison.Ordinal)).ToDictionary(name => name, name => File.GetLastWriteTimeUtc(Path.Combine(_root, "parts", name)));
        Assert.InRange(kept.Count, 20, 22);

        var first = default(SweepProgress);
        var summary = Run("parts", 2, null, now => first ??= now);
        _ = Run("whole", 2);

        Assert.Equal((kept.Count, 40L, 40 - kept.Count), ((int)first!.Done, first.Total, summary.New));
        Assert.All(kept, run => Assert.Equal(run.Value, File.GetLastWriteTimeUtc(Path.Combine(_root, "parts", run.Key))));
        Assert.Equal(Files("whole"), Files("parts"));
    }

    [Fact]
    public void A_changed_grid_repeats_nothing()
    {
        _ = Run("grid", 2);
        var wider = s_scenario.With([new("size", ["5", "50"])]);

        Assert.Equal((4, 2), Run("grid", 2, wider) is var summary ? (summary.Total, summary.New) : default);
        Assert.Equal(4, summary.Table.Rows.Count);
    }

    [Fact]
    public void A_folder_with_something_else_is_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(_root, "mine"));
        File.WriteAllText(Path.Combine(_root, "mine", "letter"), "dear");
        _ = Run("theirs", 2);
        var other = Scenario.Parse("study: other\nsteps: [create a 4K]", "o.yaml");
        var before = Files("theirs");

        Assert.Contains("is not empty", Assert.Throws<ReflinkException>(() => Folder("mine")).Message, StringComparison.Ordinal);
        Assert.Contains("has the results of study 't', not of 'other'", Assert.Throws<ReflinkException>(() => Folder("theirs", other)).Message, StringComparison.Ordinal);
        Assert.Contains("is a file", Assert.Throws<ReflinkException>(() => Folder("mine/letter")).Message, StringComparison.Ordinal);
        Assert.Equal((before.Count, 1), (Files("theirs").Count, Files("mine").Count));
    }

    [Fact]
    public void Runs_that_fail_are_told_and_the_others_go_on()
    {
        var scenario = Scenario.Parse("study: t\nparameters: {n: [1, 2, 3]}\nsteps: [create a 4K, expect: n != 2]", "t.yaml");
        var summary = Run("some", 2, scenario);

        Assert.Equal(3, summary.Table.Rows.Count);
        Assert.Equal("n 2, seed 1", Assert.Single(summary.Failures).Run);
    }

    [Fact]
    public void Failed_runs_are_marked_are_in_no_summary_and_can_be_tried_again()
    {
        var scenario = Scenario.Parse("study: t\nseeds: 3\nmeasure: [frames]\nsteps: [create a 4K, {when: seed == 2, do: [{expect: 1 == 2}]}, create b 4K]", "t.yaml");
        var table = Run("failed", 2, scenario).Table;

        Assert.Equal(["1 2 ", "2 1 EINVAL: t.yaml:4: expected 1 == 2, but it is false", "3 2 "], table.WithFailures("").Rows.Select(row => string.Join(' ', row)));
        Assert.Equal(["frames 2 2 2 2 2 2"], Statistics.Summary(table).Rows.Select(row => string.Join(' ', row)));
        using var folder = Folder("failed", scenario);
        Assert.Equal(1, folder.ForgetFailures(scenario));
        Assert.Equal(1, Sweep.Run(scenario, folder, 1).New);
    }

    [Fact]
    public void A_damaged_file_of_a_run_is_run_again()
    {
        _ = Run("damaged", 2);
        var whole = Files("damaged");
        var files = Directory.GetFiles(Path.Combine(_root, "damaged", "runs")).Order(StringComparer.Ordinal).ToList();
        File.WriteAllText(files[0], "");
        File.WriteAllText(files[1], "null\n");
        File.WriteAllText(files[2], File.ReadAllText(files[2]).Replace("\"frames\":", "\"frames\":4", StringComparison.Ordinal));

        Assert.Equal(3, Run("damaged", 2).New);
        Assert.Equal(whole, Files("damaged"));
    }

    [Fact]
    public void Two_sweeps_into_one_folder_are_refused()
    {
        using var first = Folder("both");

        Assert.Equal(Errno.EBUSY, Assert.Throws<ReflinkException>(() => Folder("both")).Error);
        first.Dispose();
        Folder("both").Dispose();
    }

    [Fact]
    public void Another_content_of_an_imported_file_is_another_run()
    {
        var file = Path.Combine(_root, "host");
        var text = $"study: t\nmeasure: [frames]\nsteps: [import {file} a]";
        File.WriteAllBytes(file, new byte[4096]);
        var one = Scenario.Parse(text, "t.yaml").Plan().Single().Id;
        Assert.Equal(one, Scenario.Parse(text, "t.yaml").Plan().Single().Id);
        File.WriteAllBytes(file, new byte[4097]);

        Assert.NotEqual(one, Scenario.Parse(text, "t.yaml").Plan().Single().Id);
    }

    [Fact]
    public void Results_are_read_back_with_the_values_that_were_run()
    {
        var scenario = s_scenario.With([new("size", ["7"])]).WithSeeds([3, 4]);
        var written = Run("back", 2, scenario).Table;
        var (folder, read) = StudyFolder.Read(Path.Combine(_root, "back"));

        Assert.Equal(written.Rows, ResultTable.Of(read, folder).Rows);
        Assert.Equal(4, written.Rows.Count);
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => StudyFolder.Read(_root)).Error);
    }

    private StudyFolder Folder(string name, Scenario? scenario = null) => StudyFolder.Open(Path.Combine(_root, name), scenario ?? s_scenario);

    private SweepSummary Run(string name, int workers, Scenario? scenario = null, Action<SweepProgress>? told = null, CancellationToken cancel = default)
    {
        using var folder = Folder(name, scenario);
        return Sweep.Run(scenario ?? s_scenario, folder, workers, told is null ? null : new Reports(told), cancel);
    }

    // All but the log, which tells times.
    private SortedDictionary<string, string> Files(string name) => new(
        Directory.EnumerateFiles(Path.Combine(_root, name), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "log.jsonl")
            .ToDictionary(file => Path.GetRelativePath(Path.Combine(_root, name), file), File.ReadAllText), StringComparer.Ordinal);

    private sealed class Reports(Action<SweepProgress> told) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => told(value);
    }
}
