using Reflink.Store.Disks;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>The file that says whose folder it is may be damaged or lost: the volume is there, and the file is made good.</summary>
public sealed class ManifestTests : IDisposable
{
    private const string Line = "Reflink volume store, version 1\n";

    private readonly ScratchFolder _scratch = new();

    public ManifestTests()
    {
        using var machine = Make(StoreUse.Durable);
        machine.Volume.Create("/f").Dispose();
        machine.Volume.Sync();
    }

    private string Folder => _scratch.Of("store");

    private string Manifest => Path.Combine(Folder, "reflink-store");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Any_bit_of_it_may_flip()
    {
        var good = File.ReadAllBytes(Manifest);
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bytes = good.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Manifest, bytes);
            IsMadeGood();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("Reflink vol")]
    [InlineData("garbage")]
    [InlineData(Line)]
    [InlineData("Rdflink volume store, version 1\n")]
    public void It_may_be_lost_or_of_an_earlier_form(string? text)
    {
        File.Delete(Manifest);
        if (text is not null)
        {
            File.WriteAllText(Manifest, text);
        }

        IsMadeGood();
    }

    [Theory]
    [InlineData("Reflink volume store, version 2\n")]
    [InlineData("Reflink volume store, version 23\nReflink volume store, version 23\n")]
    public void Another_version_is_left_alone_and_the_file_is_named(string text)
    {
        File.WriteAllText(Manifest, text);
        foreach (var use in (StoreUse[])[StoreUse.Durable, StoreUse.ReadOnly, StoreUse.Scratch])
        {
            var error = Assert.Throws<ReflinkException>(() => Make(use));
            Assert.Equal(Errno.EINVAL, error.Error);
            Assert.Contains("reflink-store", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("delete", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(text, File.ReadAllText(Manifest));
    }

    [Fact]
    public void Without_it_and_with_damaged_commits_nothing_is_deleted()
    {
        File.Delete(Manifest);
        var commits = Path.Combine(Folder, StoreFiles.Commits);
        var good = File.ReadAllBytes(commits);
        File.WriteAllBytes(commits, [.. good.Select(b => (byte)(b ^ 1))]);
        foreach (var use in (StoreUse[])[StoreUse.Durable, StoreUse.ReadOnly])
        {
            var error = Assert.Throws<ReflinkException>(() => Make(use));
            Assert.Equal(Errno.EIO, error.Error);
            Assert.Contains("commits names no commit", error.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(commits, good);
        IsMadeGood();
    }

    [Fact]
    public void Without_it_the_folder_is_still_no_scratch_space()
    {
        File.Delete(Manifest);
        Assert.Throws<ReflinkException>(() => Make(StoreUse.Scratch));
        File.Delete(Manifest);
        IsMadeGood();
    }

    private void IsMadeGood()
    {
        using (var reader = Make(StoreUse.ReadOnly))
        {
            Assert.Equal(["f"], reader.Volume.List("/").Select(n => n.Name));
        }

        using (var writer = Make(StoreUse.Durable))
        {
            Assert.Equal(["f"], writer.Volume.List("/").Select(n => n.Name));
        }

        Assert.Equal(Line + Line, File.ReadAllText(Manifest)[..(2 * Line.Length)]);
    }

    private Machine Make(StoreUse use) => new(
        new MachineOptions { Memory = 1 << 20, Store = new StoreOptions { Folder = Folder, Memory = StoreOptions.LeastMemory, Use = use } });
}
