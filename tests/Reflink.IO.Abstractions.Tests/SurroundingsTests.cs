using Microsoft.Win32.SafeHandles;

namespace Reflink.IO.Abstractions.Tests;

/// <summary>The current directory, temporary files, the drive, and what is refused.</summary>
public sealed class SurroundingsTests : VolumeTest
{
    [Fact]
    public void Relative_paths_begin_in_the_filesystems_own_current_directory()
    {
        var here = Environment.CurrentDirectory;
        Fs.Directory.CreateDirectory("/d/e");
        Fs.Directory.SetCurrentDirectory("/d/");
        Fs.File.WriteAllText("e/a", "x");

        Assert.Equal("x", Fs.File.ReadAllText("/d/e/a"));
        Assert.Equal(("/d", "/d/e/a", "../e/a"), (Fs.Directory.GetCurrentDirectory(), Fs.Path.GetFullPath("./e/../e/a"), Fs.Path.GetRelativePath("f", "e/a")));
        Assert.Equal(["e/a"], Fs.Directory.GetFiles("e"));
        Assert.Equal(["/"], [new VolumeFileSystem(Machine.Volume).Directory.GetCurrentDirectory()]);
        Assert.Equal(here, Environment.CurrentDirectory);
        Assert.Throws<DirectoryNotFoundException>(() => Fs.Directory.SetCurrentDirectory("/none"));
        Assert.Equal("/d", new VolumeFileSystem(Machine.Volume, new VolumeFileSystemOptions { CurrentDirectory = "/d" }).Path.GetFullPath("."));
        Assert.Throws<ArgumentException>(() => new VolumeFileSystem(Machine.Volume, new VolumeFileSystemOptions { CurrentDirectory = "d" }));
    }

    [Fact]
    public void Temporary_names_are_new_and_the_same_in_every_run()
    {
        Fs.File.WriteAllText(Fs.Path.Combine(Fs.Path.GetTempPath(), "tmp000002.tmp"), "");
#pragma warning disable CS0618 // Programs that are tested call it all the same.
        Assert.Equal(["/tmp/tmp000001.tmp", "/tmp/tmp000003.tmp"], [Fs.Path.GetTempFileName(), Fs.Path.GetTempFileName()]);
#pragma warning restore CS0618
        var made = Fs.Directory.CreateTempSubdirectory("mine");
        Assert.StartsWith("/tmp/mine", made.FullName, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, made.UnixFileMode);
        Assert.True(Fs.Directory.Exists(made.FullName));
    }

    [Fact]
    public void The_volume_is_one_drive()
    {
        var drive = Assert.Single(Fs.DriveInfo.GetDrives());
        var before = drive.AvailableFreeSpace;
        Fs.File.WriteAllBytes("/a", [.. Enumerable.Repeat((byte)1, 8192)]);

        Assert.Equal(("/", "reflink", DriveType.Fixed, true), (drive.Name, drive.DriveFormat, drive.DriveType, drive.IsReady));
        Assert.Equal((1L << 40, before - 8192), (drive.TotalSize, drive.TotalFreeSpace));
        Assert.Equal("/", drive.RootDirectory.FullName);
        Assert.Throws<DriveNotFoundException>(() => Fs.DriveInfo.New("/none").TotalSize);
    }

    [Fact]
    public void Bits_of_the_mask_are_not_given()
    {
        var fs = new VolumeFileSystem(Machine.Volume, new VolumeFileSystemOptions { CreationMask = (UnixFileMode)0b111_111 });
        fs.File.WriteAllText("/a", "");
        fs.Directory.CreateDirectory("/d/e");

        Assert.Equal(((UnixFileMode)0b110_000_000, (UnixFileMode)0b111_000_000), (fs.File.GetUnixFileMode("/a"), fs.File.GetUnixFileMode("/d")));
    }

    [Fact]
    public void What_cannot_be_done_says_why()
    {
        using var handle = new SafeFileHandle(-1, ownsHandle: false);
        Action[] calls =
        [
            () => Fs.FileVersionInfo.GetVersionInfo("/a"),
            () => Fs.File.OpenHandle("/a"),
            () => Fs.File.GetAttributes(handle),
            () => Fs.RandomAccess.GetLength(handle),
            () => Fs.FileStream.New(handle, FileAccess.Read),
            () => Fs.FileInfo.Wrap(new FileInfo("/a")),
            () => Fs.DirectoryInfo.Wrap(new DirectoryInfo("/a")),
            () => Fs.DriveInfo.New("/").VolumeLabel = "x",
        ];
        foreach (var call in calls)
        {
            Assert.Contains("is not supported in a volume: ", Assert.Throws<NotSupportedException>(call).Message, StringComparison.Ordinal);
        }

        Assert.Throws<InvalidCastException>(() =>
        {
            using var stream = Fs.File.Create("/a");
            return (FileStream)stream;
        });
        Assert.Throws<PlatformNotSupportedException>(() => Fs.File.Encrypt("/a"));
    }

    [Fact]
    public void What_the_volume_refuses_is_denied()
    {
        Fs.File.WriteAllText("/a", "x");
        Machine.Volume.SetFlags("/a", Inodes.InodeFlags.Immutable);

        var failure = Assert.Throws<UnauthorizedAccessException>(() => Fs.File.WriteAllText("/a", "y"));

        Assert.Contains("'/a' is denied", failure.Message, StringComparison.Ordinal);
        Assert.Throws<UnauthorizedAccessException>(() => Fs.File.Delete("/a"));
        Machine.Volume.SetFlags("/a", 0);
        Fs.File.Delete("/a");
    }

    [Fact]
    public void Dates_that_no_volume_can_hold_become_the_nearest_that_it_can()
    {
        Fs.File.WriteAllText("/a", "");
        Fs.File.SetLastWriteTimeUtc("/a", DateTime.MaxValue);
        Assert.Equal(2262, Fs.File.GetLastWriteTimeUtc("/a").Year);
        Fs.File.SetLastWriteTimeUtc("/a", new DateTime(1969, 12, 31, 23, 59, 59, 999, DateTimeKind.Utc));
        Assert.Equal(1969, Fs.File.GetLastWriteTimeUtc("/a").Year);
    }
}
