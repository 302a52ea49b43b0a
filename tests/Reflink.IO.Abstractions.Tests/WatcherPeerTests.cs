using System.Collections.Concurrent;

namespace Reflink.IO.Abstractions.Tests;

/// <summary>Watchers hear what a FileSystemWatcher of this computer hears of the same calls.</summary>
public sealed class WatcherPeerTests
{
    private static readonly (string What, Action<IFileSystem, string> Do)[] s_calls =
    [
        ("make a directory", (fs, d) => fs.Directory.CreateDirectory($"{d}/e")),
        ("write a new file", (fs, d) => fs.File.WriteAllText($"{d}/a", "x")),
        ("write it again", (fs, d) => fs.File.WriteAllText($"{d}/a", "y")),
        ("append", (fs, d) => fs.File.AppendAllText($"{d}/a", "y")),
        ("read", (fs, d) => fs.File.ReadAllText($"{d}/a")),
        ("make an empty file", (fs, d) => fs.File.Create($"{d}/b").Dispose()),
        ("truncate", (fs, d) => Truncate(fs, $"{d}/a")),
        ("set permissions", (fs, d) => fs.File.SetUnixFileMode($"{d}/a", UnixFileMode.UserRead)),
        ("set a time", (fs, d) => fs.File.SetLastWriteTimeUtc($"{d}/a", DateTime.UnixEpoch)),
        ("rename", (fs, d) => fs.File.Move($"{d}/a", $"{d}/c.txt")),
        ("rename over", (fs, d) => fs.File.Move($"{d}/c.txt", $"{d}/b", overwrite: true)),
        ("move down", (fs, d) => fs.File.Move($"{d}/b", $"{d}/e/b")),
        ("write below", (fs, d) => fs.File.WriteAllText($"{d}/e/b", "z")),
        ("rename a directory", (fs, d) => fs.Directory.Move($"{d}/e", $"{d}/f.txt")),
        ("move up", (fs, d) => fs.File.Move($"{d}/f.txt/b", $"{d}/b")),
        ("make a link", (fs, d) => fs.File.CreateSymbolicLink($"{d}/l", "b")),
        ("delete", (fs, d) => fs.File.Delete($"{d}/b")),
        ("delete a directory", (fs, d) => fs.Directory.Delete($"{d}/f.txt")),
    ];

    [SkippableTheory]
    [InlineData("*", NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.DirectoryName)]
    [InlineData("*.txt", NotifyFilters.LastWrite | NotifyFilters.FileName | NotifyFilters.DirectoryName)]
    [InlineData("*", NotifyFilters.FileName)]
    [InlineData("*", NotifyFilters.DirectoryName)]
    [InlineData("*", NotifyFilters.Size)]
    [InlineData("*", NotifyFilters.Attributes)]
    [InlineData("*", NotifyFilters.LastAccess)]
    public void The_same_calls_raise_the_same_events(string filter, NotifyFilters filters)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the rules are those of inotify");
        using var scratch = new ScratchFolder("watch");
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20 });
        var fs = new VolumeFileSystem(machine.Volume);
        fs.Directory.CreateDirectory("/d");

        Assert.Equal(Hear(new FileSystem(), scratch.Path, filter, filters), Hear(fs, "/d", filter, filters));
    }

    private static string Hear(IFileSystem fs, string directory, string filter, NotifyFilters filters)
    {
        var heard = new BlockingCollection<string>();
        using var watcher = fs.FileSystemWatcher.New(directory, filter);
        watcher.NotifyFilter = filters;
        watcher.Created += (_, e) => heard.Add($"Created {e.Name}");
        watcher.Changed += (_, e) => heard.Add($"Changed {e.Name}");
        watcher.Deleted += (_, e) => heard.Add($"Deleted {e.Name}");
        watcher.Renamed += (_, e) => heard.Add($"Renamed {e.OldName} to {e.Name}");

        // A second watcher hears of a mark after each call, in the order of the kernel, so that nothing is waited for in vain.
        using var marks = fs.FileSystemWatcher.New(directory, "mark*");
        var marked = new BlockingCollection<string>();
        marks.Created += (_, e) => marked.Add(e.Name!);
        (watcher.EnableRaisingEvents, marks.EnableRaisingEvents) = (true, true);
        var told = new List<string>();
        foreach (var (what, call) in s_calls)
        {
            call(fs, directory);
            var mark = $"mark {what}";
            fs.File.WriteAllText($"{directory}/{mark}", "");
            Assert.True(marked.TryTake(out var seen, TimeSpan.FromSeconds(30)) && seen == mark, $"{what}: the mark was not heard of");
            Settle(heard, fs);
            told.Add($"{what}: {string.Join(", ", heard.Where(h => !h.Contains("mark", StringComparison.Ordinal)).Distinct())}");
            while (heard.TryTake(out _))
            {
            }
        }

        return string.Join('\n', told);
    }

    // Two watchers of one kernel have threads of their own: what the first hears may come a little later than the second's mark.
    private static void Settle(BlockingCollection<string> heard, IFileSystem fs)
    {
        if (fs is FileSystem)
        {
            for (var (count, calm) = (-1, 0); calm < 3; calm = count == heard.Count ? calm + 1 : 0)
            {
                count = heard.Count;
                Thread.Sleep(20);
            }
        }
    }

    private static void Truncate(IFileSystem fs, string path)
    {
        using var stream = fs.FileStream.New(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 0);
        stream.SetLength(1);
    }
}
