namespace Reflink.IO.Abstractions.Tests;

/// <summary>Watchers hear of what calls through their filesystem do, before the calls return.</summary>
public sealed class WatcherTests : VolumeTest
{
    private readonly List<string> _heard = [];

    [Fact]
    public void Creating_writing_renaming_and_deleting_are_heard_in_their_order()
    {
        Fs.Directory.CreateDirectory("/d");
        using var watcher = Watch("/d", "*");

        Fs.File.WriteAllText("/d/a", "x");
        Fs.File.Move("/d/a", "/d/b");
        Fs.File.Delete("/d/b");
        Fs.Directory.CreateDirectory("/d/e");
        Fs.Directory.Delete("/d/e");

        Assert.Equal(["Created a", "Changed a", "Changed a", "Renamed a to b", "Deleted b", "Created e", "Deleted e"], _heard);
    }

    [Fact]
    public void What_moves_out_is_deleted_and_what_moves_in_is_created()
    {
        Fs.Directory.CreateDirectory("/d");
        Fs.File.WriteAllText("/a", "");
        using var watcher = Watch("/d", "*");

        Fs.File.Move("/a", "/d/a");
        Fs.File.Move("/d/a", "/a");

        Assert.Equal(["Created a", "Deleted a"], _heard);
    }

    [Fact]
    public void Other_directories_other_names_and_what_is_filtered_out_are_not_heard()
    {
        Fs.Directory.CreateDirectory("/d/e");
        using var watcher = Watch("/d", "*.txt");
        watcher.NotifyFilter = NotifyFilters.FileName;

        Fs.File.WriteAllText("/a.txt", "");
        Fs.File.WriteAllText("/d/a.bin", "");
        Fs.File.WriteAllText("/d/e/a.txt", "");
        Fs.Directory.CreateDirectory("/d/f.txt");
        Fs.File.WriteAllText("/d/a.txt", "x");
        watcher.EnableRaisingEvents = false;
        Fs.File.Delete("/d/a.txt");

        Assert.Equal(["Created a.txt"], _heard);
    }

    [Fact]
    public void Directories_below_are_heard_when_they_are_asked_for()
    {
        Fs.Directory.CreateDirectory("/d/e");
        using var watcher = Watch("/d", "*");
        watcher.IncludeSubdirectories = true;
        watcher.NotifyFilter = NotifyFilters.Attributes | NotifyFilters.FileName;

        Fs.File.WriteAllText("/d/e/a", "");
        Fs.File.SetAttributes("/d/e/a", FileAttributes.ReadOnly);

        Assert.Equal(["Created e/a", "Changed e/a"], _heard);
    }

    [Fact]
    public void A_watcher_of_nothing_is_refused_and_waiting_is_not_possible()
    {
        Assert.Throws<ArgumentException>(() => Fs.FileSystemWatcher.New("/none"));
        using var empty = Fs.FileSystemWatcher.New();
        Assert.Throws<FileNotFoundException>(() => empty.EnableRaisingEvents = true);
        using var watcher = Fs.FileSystemWatcher.New("/");
        Assert.Throws<NotSupportedException>(() => watcher.WaitForChanged(WatcherChangeTypes.All));
        Assert.True(watcher.WaitForChanged(WatcherChangeTypes.All, 1000).TimedOut);
    }

    private IFileSystemWatcher Watch(string path, string filter)
    {
        var watcher = Fs.FileSystemWatcher.New(path, filter);
        watcher.Created += (_, e) => _heard.Add($"Created {e.Name}");
        watcher.Changed += (_, e) => _heard.Add($"Changed {e.Name}");
        watcher.Deleted += (_, e) => _heard.Add($"Deleted {e.Name}");
        watcher.Renamed += (_, e) => _heard.Add($"Renamed {e.OldName} to {e.Name}");
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
