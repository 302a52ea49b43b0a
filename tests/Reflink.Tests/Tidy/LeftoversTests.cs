namespace Reflink.Tests.Tidy;

/// <summary>What interrupted runs left in the temporary directory is deleted by the next run.</summary>
public sealed class LeftoversTests : IDisposable
{
    // No process has this number: it is beyond the largest that Linux gives (PID_MAX_LIMIT, include/linux/threads.h).
    private const int Dead = 1 << 30;

    private readonly ScratchFolder _folder = new("leftovers");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_and_files_of_processes_that_ended_are_deleted()
    {
        Directory.CreateDirectory(_folder.Of($"reflink-cli-{Dead}-abc/in"));
        File.WriteAllText(_folder.Of($"reflink-cli-{Dead}-abc/in/file"), "x");
        File.WriteAllText(_folder.Of($"reflink-ksm-worker-{Dead}"), "x");
        Leftovers.Delete(_folder.Path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_running_process_made_and_what_tests_did_not_make_stays()
    {
        string[] names = ["else", $"reflink-cli-{Environment.ProcessId}-abc", "reflink-mine", "reflink-mine-2026x"];
        Array.ForEach(names, name => Directory.CreateDirectory(_folder.Of(name)));
        Leftovers.Delete(_folder.Path);
        Assert.Equal(names, Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
