namespace Reflink.IO.Abstractions.Tests;

/// <summary>What is not in the differential suite because the wrappers of System.IO do not pass it on, or because it is about objects.</summary>
public sealed class InfoTests : VolumeTest
{
    [Fact]
    public void Permissions_of_an_info_are_those_of_the_file()
    {
        Fs.File.WriteAllText("/a", "");
        var info = Fs.FileInfo.New("/a");
        Assert.Equal(Fs.File.GetUnixFileMode("/a"), info.UnixFileMode);

        info.UnixFileMode = UnixFileMode.UserRead;

        Assert.Equal(UnixFileMode.UserRead, Fs.File.GetUnixFileMode("/a"));
        Assert.True(info.IsReadOnly);
        Assert.Equal((UnixFileMode)(-1), Fs.FileInfo.New("/none").UnixFileMode);
    }

    [Fact]
    public void Times_of_an_info_are_set_and_seen_by_all()
    {
        Fs.Directory.CreateDirectory("/d");
        var (info, date) = (Fs.DirectoryInfo.New("/d"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        info.LastWriteTimeUtc = date;
        info.LastAccessTime = date.AddYears(1).ToLocalTime();

        Assert.Equal((date, date.AddYears(1)), (Fs.Directory.GetLastWriteTimeUtc("/d"), Fs.Directory.GetLastAccessTimeUtc("/d")));
        Assert.Equal(date.ToLocalTime(), info.LastWriteTime);
        Assert.Equal(1601, Fs.FileInfo.New("/none").CreationTimeUtc.Year);
    }

    [Fact]
    public void Every_object_knows_its_filesystem()
    {
        Fs.Directory.CreateDirectory("/d");
        using var watcher = Fs.FileSystemWatcher.New("/d");
        IFileSystem[] named =
        [
            Fs.File.FileSystem, Fs.Directory.FileSystem, Fs.Path.FileSystem, Fs.FileStream.FileSystem, Fs.FileInfo.FileSystem, Fs.DirectoryInfo.FileSystem,
            Fs.DriveInfo.FileSystem, Fs.FileSystemWatcher.FileSystem, Fs.FileVersionInfo.FileSystem, Fs.RandomAccess.FileSystem, watcher.FileSystem,
            Fs.FileInfo.New("/d/a").FileSystem, Fs.DirectoryInfo.New("/d").FileSystem, Fs.DriveInfo.New("/").FileSystem,
        ];

        Assert.All(named, fs => Assert.Same(Fs, fs));
        Assert.Equal("/d/a", Fs.FileInfo.New("/d/a").ToString());
    }

    [Fact]
    public void An_info_links_and_follows_links()
    {
        Fs.Directory.CreateDirectory("/d");
        var link = Fs.DirectoryInfo.New("/l");
        link.CreateAsSymbolicLink("d");
        Fs.FileInfo.New("/m").CreateAsSymbolicLink("l");

        Assert.Equal(("d", true), (link.LinkTarget, link.Exists));
        Assert.Equal(("/l", "/d"), (Fs.FileInfo.New("/m").ResolveLinkTarget(false)!.FullName, Fs.FileInfo.New("/m").ResolveLinkTarget(true)!.FullName));
        Assert.Null(Fs.DirectoryInfo.New("/d").ResolveLinkTarget(false));
    }
}
