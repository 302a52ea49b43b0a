using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Reflink.Cli.Tests;

/// <summary>Files between this computer and a volume in a folder.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class VolumeHostTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public VolumeHostTests() => Cli.Run("volume", "create", Store).Succeeded();

    private string Store => _scratch.Path("disk");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void What_is_no_regular_file_is_refused_at_once()
    {
        Assert.Equal(0, MakePipe(_scratch.Path("pipe"), 0x1FF));
        Cli.Run("volume", "put", Store, _scratch.Path("pipe"), "/f").Refused(1, "EINVAL", "regular file");
        Cli.Run("volume", "put", Store, Store, "/f").Refused(1, "EISDIR");
        Cli.Run("volume", "put", Store, "/dev/zero", "/f").Refused(1, "EINVAL");
        Cli.Run("cache", $"import {_scratch.Path("pipe")} f").Refused(1, "EINVAL", "regular file");
    }

    [Fact]
    public void Mode_time_and_holes_go_in_and_come_out()
    {
        var (file, copy) = (_scratch.Path("in"), _scratch.Path("out"));
        using (var sparse = File.Create(file))
        {
            sparse.SetLength(64 << 20);
            sparse.Position = 32 << 20;
            sparse.WriteByte(1);
        }

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        File.SetLastWriteTimeUtc(file, new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Matches("blocks +1\n", Cli.Run("volume", "put", Store, file, "/f").Succeeded().Output);
        Cli.Run("volume", "get", Store, "/f", copy).Succeeded();

        Assert.Equal((File.GetUnixFileMode(file), File.GetLastWriteTimeUtc(file)), (File.GetUnixFileMode(copy), File.GetLastWriteTimeUtc(copy)));
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(copy));
    }

    [Fact]
    public void Names_are_words_of_the_shell_in_every_answer()
    {
        const string Name = "/a\n\u001b[31mb";
        const string Quoted = "'/a'$'\\n\\033''[31mb'";
        File.WriteAllText(_scratch.Path("in"), "x");
        CliResult[] answers =
        [
            Cli.Run("volume", "put", Store, _scratch.Path("in"), Name), Cli.Run("volume", "stat", Store, Name), Cli.Run("volume", "get", Store, Name, _scratch.Path("out")),
            Cli.Run("volume", "cp", "--reflink", Store, Name, Name + "2"),
        ];
        Assert.All(answers[..^1], a => Assert.Contains($"path              {Quoted}\n", a.Succeeded().Output, StringComparison.Ordinal));
        Assert.Contains($"path              {Quoted[..^1]}2'\n", answers[^1].Succeeded().Output, StringComparison.Ordinal);
        var list = Cli.Run("volume", "ls", Store, "/").Succeeded().Output;
        Assert.Contains(" 'a'$'\\n\\033''[31mb'\n", list, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", list, StringComparison.Ordinal);
        var failure = Cli.Run("volume", "stat", Store, Name + "/none");
        Assert.Equal((1, 1), (failure.Code, failure.Error.Count(c => c == '\n')));
        Assert.Contains("'/a\\x0a\\x1b[31mb/none'", failure.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signal_ends_a_command_that_waits_for_a_reader()
    {
        File.WriteAllBytes(_scratch.Path("in"), new byte[4 << 20]);
        Cli.Run("volume", "put", Store, _scratch.Path("in"), "/f").Succeeded();
        Assert.Equal(0, MakePipe(_scratch.Path("pipe"), 0x1FF));
        using var reader = new FileStream(_scratch.Path("pipe"), new FileStreamOptions { Access = FileAccess.ReadWrite, Mode = FileMode.Open, BufferSize = 0 });
        using var process = Cli.Start("volume", "get", Store, "/f", _scratch.Path("pipe"));

        // The command is at work, and the pipe holds 64 KiB.
        var first = reader.ReadAsync(new byte[1]).AsTask();
        process.WaitUntil(() => first.IsCompleted);
        process.Signal(RunningCli.Terminate);
        process.Finish().Refused(143, "interrupted");
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, int mode);
}
