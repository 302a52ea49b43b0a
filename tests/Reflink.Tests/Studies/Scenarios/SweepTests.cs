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
        _ = Sweep.Run(s_scenario, Folder("one"), 1);
        _ = Sweep.Run(s_scenario, Folder("four"), 4);

        Assert.Equal(40, Files("one").Count(file => file.Key.StartsWith("runs", StringComparison.Ordinal)));
        Assert.Equal(Files("one"), Files("four"));
    }

    [Fact]
    public void A_sweep_that_was_interrupted_goes_on_and_ends_with_the_same_files()
    {
        using var cancel = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Sweep.Run(s_scenario, Folder("parts"), 2, new Reports(now =>
        {
            if (now.Done == 20)
            {
                cancel.Cancel();
            }
        }), cancel.Token));
        var kept = Files("parts").Keys.Where(name => name.StartsWith("runs", StringComparison.Ordinal)).ToDictionary(name => name, name => File.GetLastWriteTimeUtc(Path.Combine(_root, "parts", name)));
        Assert.InRange(kept.Count, 20, 22);

        var first = default(SweepProgress);
        var summary = Sweep.Run(s_scenario, Folder("parts"), 2, new Reports(now => first ??= now));
        _ = Sweep.Run(s_scenario, Folder("whole"), 2);

        Assert.Equal((kept.Count, 40L, 40 - kept.Count), ((int)first!.Done, first.Total, summary.New));
        Assert.All(kept, run => Assert.Equal(run.Value, File.GetLastWriteTimeUtc(Path.Combine(_root, "parts", run.Key))));
        Assert.Equal(Files("whole"), Files("parts"));
    }

    [Fact]
    public void A_changed_grid_repeats_nothing()
    {
        _ = Sweep.Run(s_scenario, Folder("grid"), 2);
        var wider = s_scenario.With([new("size", ["5", "50"])]);

        Assert.Equal((4, 2), Sweep.Run(wider, Folder("grid", wider), 2) is var summary ? (summary.Total, summary.New) : default);
        Assert.Equal(4, summary.Table.Rows.Count);
    }

    [Fact]
    public void A_folder_with_something_else_is_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(_root, "mine"));
        File.WriteAllText(Path.Combine(_root, "mine", "letter"), "dear");
        _ = Sweep.Run(s_scenario, Folder("theirs"), 2);
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
        var summary = Sweep.Run(scenario, Folder("some", scenario), 2);

        Assert.Equal(3, summary.Table.Rows.Count);
        Assert.Equal("n 2, seed 1", Assert.Single(summary.Failures).Run);
    }

    [Fact]
    public void Results_are_read_back_with_the_values_that_were_run()
    {
        var scenario = s_scenario.With([new("size", ["7"])]).WithSeeds([3, 4]);
        var written = Sweep.Run(scenario, Folder("back", scenario), 2).Table;
        var (folder, read) = StudyFolder.Read(Path.Combine(_root, "back"));

        Assert.Equal(written.Rows, ResultTable.Of(read, folder).Rows);
        Assert.Equal(4, written.Rows.Count);
        Assert.Equal(Errno.ENOENT, Assert.Throws<ReflinkException>(() => StudyFolder.Read(_root)).Error);
    }

    private StudyFolder Folder(string name, Scenario? scenario = null) => StudyFolder.Open(Path.Combine(_root, name), scenario ?? s_scenario);

    // All but the log, which tells times.
    private SortedDictionary<string, string> Files(string name) => new(
        Directory.EnumerateFiles(Path.Combine(_root, name), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "log.jsonl")
            .ToDictionary(file => Path.GetRelativePath(Path.Combine(_root, name), file), File.ReadAllText), StringComparer.Ordinal);

    private sealed class Reports(Action<SweepProgress> told) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => told(value);
    }
}
