namespace Reflink.IO.Abstractions.Tests;

/// <summary>What is not in the differential suite: what a stream of ours does at once, or all streams of a volume have in common.</summary>
public sealed class StreamTests : VolumeTest
{
    [Fact]
    public void What_is_written_is_in_the_file_before_the_stream_is_flushed()
    {
        using var stream = Fs.File.Open("/a", FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        stream.Write([1, 2, 3]);

        Assert.Equal(3, Fs.FileInfo.New("/a").Length);
        using var reader = Fs.File.Open("/a", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.Equal(1, reader.ReadByte());
    }

    [Fact]
    public void A_file_that_is_not_shared_cannot_be_opened_again_even_through_another_filesystem_over_the_volume()
    {
        var other = new VolumeFileSystem(Machine.Volume);
        using (Fs.File.Create("/a"))
        {
            Assert.Contains("/a", Assert.Throws<IOException>(() => other.File.ReadAllText("/a")).Message, StringComparison.Ordinal);
        }

        Assert.Equal("", other.File.ReadAllText("/a"));
    }

    [Fact]
    public void A_file_that_was_deleted_lives_while_it_is_open()
    {
        using var stream = Fs.File.Create("/a");
        Fs.File.Delete("/a");
        stream.Write([7]);
        stream.Position = 0;

        Assert.Equal(7, stream.ReadByte());
        Assert.False(Fs.File.Exists("/a"));
    }

    [Fact]
    public void A_stream_that_is_closed_says_so()
    {
        var stream = Fs.File.Create("/a");
        stream.Dispose();
        stream.Dispose();

        Assert.Throws<ObjectDisposedException>(() => stream.Length);
        Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
        Assert.False(stream.CanRead || stream.CanWrite || stream.CanSeek);
    }

    [Fact]
    public void A_file_deletes_itself_when_it_was_opened_so()
    {
        using (Fs.File.Create("/a", 1, FileOptions.DeleteOnClose))
        {
            Assert.True(Fs.File.Exists("/a"));
        }

        Assert.False(Fs.File.Exists("/a"));
    }

    [Fact]
    public void A_full_volume_is_an_IOException_and_the_file_holds_what_fitted()
    {
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, VolumeCapacity = 10 * 4096 });
        var fs = new VolumeFileSystem(machine.Volume);
        using var stream = fs.File.Create("/a");

        var failure = Assert.Throws<IOException>(() => stream.Write(new byte[20 * 4096]));

        Assert.Equal((int)Units.Errno.ENOSPC, failure.HResult);
        Assert.Contains("/a", failure.Message, StringComparison.Ordinal);
        Fsck.Require(machine);
    }

    [Fact]
    public async Task Asynchronous_methods_have_ended_when_they_return()
    {
        var task = Fs.File.WriteAllTextAsync("/a", "text");
        Assert.True(task.IsCompletedSuccessfully);
        await task;
        Assert.Equal("text", await Fs.File.ReadAllTextAsync("/a"));
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fs.File.ReadAllTextAsync("/a", stopped.Token));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Fs.File.ReadAllTextAsync("/b"));
        var lines = new List<string>();
        await foreach (var line in Fs.File.ReadLinesAsync("/a"))
        {
            lines.Add(line);
        }

        Assert.Equal(["text"], lines);
    }

    [Fact]
    public void Flushing_to_the_disk_makes_a_durable_volume_outlast_the_machine()
    {
        using var scratch = new ScratchFolder("durable");
        var options = new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = scratch.Of("disk"), Use = StoreUse.Durable } };
        using (var machine = new Machine(options))
        using (var stream = new VolumeFileSystem(machine.Volume).File.Create("/a"))
        {
            stream.Write([1, 2, 3]);
            stream.Flush(flushToDisk: true);
        }

        using var again = new Machine(options);
        Assert.Equal([1, 2, 3], new VolumeFileSystem(again.Volume).File.ReadAllBytes("/a"));
    }
}
