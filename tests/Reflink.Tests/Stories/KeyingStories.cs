namespace Reflink.Tests.Stories;

/// <summary>The same steps with the cache keyed by block, and by inode as in today's Linux.</summary>
public sealed class KeyingStories
{
    private const int P = Page.Size;
    private static readonly string[] s_clones = ["/b", "/c", "/d"];

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public Task Three_clones_are_read_and_written(CacheKeying keying)
    {
        using var tale = new Tale([.. Tale.Files, "counters"], keying: keying);
        tale.File("/a", 4).Dispose();
        return tale.Begin()
            .Then("cp --reflink /a /b; /c; /d", () => Array.ForEach(s_clones, c => tale.Machine.Volume.Clone("/a", c)))
            .Then("read all of each", () => Array.ForEach(s_clones, c => Assert.Equal(Tale.Letters(4), tale.Read(c, 4 * P))))
            .Then("write a byte into page 1 of each clone", () => Array.ForEach(s_clones, c => Write(tale, c, P, "x"u8)))
            .Told(keying);
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public Task A_poke_derives_from_a_file_in_memory(CacheKeying keying)
    {
        using var tale = new Tale([.. Tale.Patches, "counters"], keying: keying);
        tale.File("/lib", 3).Dispose();
        tale.Machine.DropCaches();
        var set = Tale.Breakpoints(16, P + 32);
        var (process, address) = tale.Mapped("/lib", Protection.ReadExecute);
        Tale.Touch(process, address, 3);
        return tale.Begin()
            .Then("poke pages 0 and 1", () => tale.Machine.TextPoke.Apply(process, address, set))
            .Then("load all pages", () => Tale.Touch(process, address, 3))
            .Then("write into page 0 of /lib, drop what is clean and mapped no more, load all again", () =>
            {
                Write(tale, "/lib", 0, "y"u8);
                process.Madvise(address, 3 * P, Advice.DontNeed);
                tale.Machine.DropCaches();
                Tale.Touch(process, address, 3);
            })
            .Then("revert and load", () =>
            {
                tale.Machine.TextPoke.Revert(process, address, set);
                Tale.Touch(process, address, 3);
            })
            .Told(keying);
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public Task Pages_that_leave_a_clone_take_only_its_frames(CacheKeying keying)
    {
        using var tale = new Tale(Tale.Files, keying: keying);
        tale.File("/a", 6).Dispose();
        tale.Machine.Volume.Clone("/a", "/b");
        using var b = tale.Machine.Volume.Open("/b", OpenFlags.ReadWrite);
        Assert.Equal(6 * P, tale.Read("/b", 6 * P).Length);
        return tale.Begin()
            .Then("punch page 1 out of /b", () => b.PunchHole(P, P))
            .Then("write into page 4 of /b, collapse its page 2", () =>
            {
                b.Write(4 * P, "z"u8);
                b.Collapse(2 * P, P);
            })
            .Then("truncate /b to 1 page", () => b.Truncate(P))
            .Then("rm /a", () => tale.Machine.Volume.Unlink("/a"))
            .Told(keying);
    }

    private static void Write(Tale tale, string path, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = tale.Machine.Volume.Open(path, OpenFlags.ReadWrite);
        file.Write(offset, bytes);
    }
}
