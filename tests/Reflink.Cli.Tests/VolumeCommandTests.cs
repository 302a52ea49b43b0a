namespace Reflink.Cli.Tests;

/// <summary>A volume in a folder, one command after the other.</summary>
public sealed class VolumeCommandTests : IDisposable
{
    private readonly ScratchFolder _folder = new("volume");

    private string Store => _folder.Of("disk");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_go_in_are_cloned_and_come_out_again()
    {
        var (file, copy) = (_folder.Of("in"), _folder.Of("out"));
        var bytes = new byte[3_000_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(file, bytes);
        Run("create");
        Run("put", file, "/one");
        Run("cp", "--reflink", "/one", "/two");
        Run("cp", "/one", "/three");
        Assert.Contains("shared", Run("extents", "/two"), StringComparison.Ordinal);
        Assert.DoesNotMatch("s\\d+ +shared", Run("extents", "/three"));
        Assert.Contains("share their blocks", Run("dedupe", "/one", "/three"), StringComparison.Ordinal);
        Assert.Matches("volumeBlocksUsed +733\n", Run("stat", "/three"));
        Assert.Matches("(?s)one.*three.*two", Run("ls", "/"));
        Run("get", "/three", copy);
        Assert.Equal(bytes, File.ReadAllBytes(copy));
        Run("sync");
        Assert.Equal("no damage\n", Run("fsck"));
        Assert.Contains("\"findings\": []", Run("fsck", "--json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_is_listed_and_the_other_files_are_read()
    {
        var file = _folder.Of("in");
        File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)'x', 5000)]);
        Run("create");
        Run("put", file, "/one");
        File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)'y', 5000)]);
        Run("put", file, "/two");
        Damage((byte)'x');
        var fsck = Cli.Run("volume", "fsck", Store, "--wide");
        Assert.Equal(1, fsck.Code);
        Assert.Contains($"'/one' (inode 2), page 0: block s1 does not match its checksum in {Store}/pages.", fsck.Output, StringComparison.Ordinal);
        Cli.Run("volume", "get", Store, "/one", file).Refused(1, "EIO", "'/one' (inode 2), page 0");
        Assert.Equal([.. Enumerable.Repeat((byte)'y', 5000)], File.ReadAllBytes(file));
        Assert.Equal([.. Enumerable.Repeat((byte)'y', 5000)], File.ReadAllBytes(file));
        Run("get", "/two", file);
    }

    [Fact]
    public void Mistakes_are_told_and_change_nothing()
    {
        Cli.Run("volume", "ls", Store, "/").Refused(1, "ENOENT");
        Run("create");
        Cli.Run("volume", "put", Store, "/none/such", "/a").Refused(1, "ENOENT");
        Cli.Run("volume", "cp", Store, "/none", "/a").Refused(1, "ENOENT");
        Cli.Run("volume", "ls").Refused(2, "--help");
        Cli.Run("volume", "cp", Store, "/none", "/h").Refused(1, "ENOENT: '/none' does not exist");
        Cli.Run("volume", "dedupe", Store, "/", "/").Refused(1, "'/' and '/' are one file; name two");
        Cli.Run("volume", "setfattr", Store, "/", "note", "x").Refused(1, "'note' is no name of an attribute; names begin with user.");
        Assert.DoesNotContain("Regular", Run("ls", "/"), StringComparison.Ordinal);
    }

    [Fact]
    public void Readers_see_the_last_sync_beside_a_writer_and_a_second_writer_is_told_in_one_sentence()
    {
        Run("create");
        using (var writer = new Machine(new MachineOptions { Store = new StoreOptions { Folder = Store, Use = StoreUse.Durable } }))
        {
            writer.Volume.Create("/late").Dispose();
            Assert.DoesNotContain("late", Run("ls", "/"), StringComparison.Ordinal);
            Assert.Equal("no damage\n", Run("fsck"));
            var busy = Cli.Run("volume", "cp", "--wait", "0", Store, "/late", "/b");
            Assert.Equal(
                (1, $"reflink: EBUSY: the page store in {Store} is being written by another store; wait until that has ended, or give this one a folder of its own\n"), (busy.Code, busy.Error));
            writer.Volume.Sync();
            Assert.Contains("late", Run("ls", "/"), StringComparison.Ordinal);
        }
    }

    private string Run(string verb, params string[] arguments) => Cli.Run([
        "volume", verb, .. arguments.TakeWhile(a => a == "--reflink"), Store, .. arguments.SkipWhile(a => a == "--reflink")]).Succeeded().Output;

    private void Damage(byte value)
    {
        foreach (var name in Directory.GetFiles(Store, "pages.*"))
        {
            var bytes = File.ReadAllBytes(name);
            if (bytes.AsSpan().IndexOf([value, value, value, value]) is >= 0 and var at)
            {
                bytes[at + 9] ^= 1;
                File.WriteAllBytes(name, bytes);
                return;
            }
        }

        Assert.Fail("the bytes are in no file");
    }
}
