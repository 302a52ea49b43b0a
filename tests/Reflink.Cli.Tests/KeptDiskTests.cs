namespace Reflink.Cli.Tests;

/// <summary>Disks of runs that are kept in files: gone with the run, and those of a killed process gone with the next run.</summary>
public sealed class KeptDiskTests : IDisposable
{
    private const int Kill = 9;

    private readonly Scratch _scratch = new();

    public KeptDiskTests() => Directory.CreateDirectory(_scratch.Path("tmp"));

    private IEnumerable<string> Disks => Directory.EnumerateDirectories(_scratch.Path("tmp"), "reflink-study-*");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_a_killed_run_left_is_removed_by_the_next_one_and_what_a_living_one_has_is_not()
    {
        var slow = _scratch.Write("slow.yaml", "study: slow\nmachine: {memory: 1MiB, disk: kept}\nmeasure: [frames]\nsteps: [create a 64K, {repeat: 100000000, do: [read a]}]");
        var fast = _scratch.Write("fast.yaml", "study: fast\nmachine: {memory: 1MiB, disk: kept}\nmeasure: [frames]\nsteps: [create a 64K, sync, crash, read a]");
        using var living = Start(slow, "living");
        living.WaitUntil(() => Disks.Count() == 1);
        using (var killed = Start(slow, "killed"))
        {
            killed.WaitUntil(() => Disks.Count() == 2);
            killed.Signal(Kill);
            _ = killed.Finish();
        }

        Assert.Equal(2, Disks.Count());
        using (var next = Start(fast, "next"))
        {
            _ = next.Finish().Succeeded();
        }

        Assert.Contains($"reflink-study-{living.Id}-", Assert.Single(Disks), StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFiles(_scratch.Path("tmp"), "reflink-study-*.lock"));
        living.Signal(RunningCli.Interrupt);
        _ = living.Finish();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch.Path("tmp"), "reflink-study-*"));
    }

    private RunningCli Start(string file, string name) => Cli.StartWithTemporaryFiles(_scratch.Path("tmp"), "study", "run", file, "--out", _scratch.Path(name), "--workers", "1");
}
