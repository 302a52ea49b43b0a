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
        var fsck = Cli.Run("volume", "fsck", Store);
        Assert.Equal(1, fsck.Code);
        Assert.Contains("inode 2, page 0: block s1 does not match its checksum", fsck.Output, StringComparison.Ordinal);
        Cli.Run("volume", "get", Store, "/one", file).Refused(1, "EIO", "inode 2, page 0");
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
        Assert.DoesNotContain("Regular", Run("ls", "/"), StringComparison.Ordinal);
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
