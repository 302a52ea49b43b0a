using Reflink.Units;

namespace Reflink.Tests.Stories;

public sealed class FileStories
{
    private const int P = Page.Size;

    [Fact]
    public Task An_empty_machine()
    {
        using var machine = new Machine();
        Fsck.Require(machine);
        return Verify(machine);
    }

    [Fact]
    public Task A_clone_shares_every_block_and_every_frame()
    {
        using var tale = new Tale(Tale.Files);
        tale.File("/a", 4).Dispose();
        return tale.Begin()
            .Then("cp --reflink /a /b", () => tale.Machine.Volume.Clone("/a", "/b"))
            .Then("read all of /b", () => Assert.Equal(Tale.Letters(4), tale.Read("/b", 4 * P)))
            .Told();
    }

    [Fact]
    public Task A_write_to_a_clone_copies_one_page()
    {
        using var tale = new Tale(Tale.Files);
        tale.File("/a", 4).Dispose();
        tale.Machine.Volume.Clone("/a", "/b");
        using var b = tale.Machine.Volume.Open("/b", OpenFlags.ReadWrite);
        return tale.Begin()
            .Then("write 5 bytes into page 1 of /b", () => b.Write(P + 100, "hello"u8))
            .Then("write there again", () => b.Write(P + 100, "world"u8))
            .Told();
    }

    [Fact]
    public Task A_clone_of_a_clone_outlives_the_middle()
    {
        using var tale = new Tale(Tale.Files);
        tale.File("/a", 3).Dispose();
        tale.Machine.Volume.Clone("/a", "/b");
        using (var b = tale.Machine.Volume.Open("/b", OpenFlags.ReadWrite))
        {
            b.Write(0, "b"u8);
        }

        tale.Machine.Volume.Clone("/b", "/c");
        return tale.Begin()
            .Then("rm /b", () => tale.Machine.Volume.Unlink("/b"))
            .Then("rm /a", () => tale.Machine.Volume.Unlink("/a"))
            .Told();
    }

    [Fact]
    public Task A_range_of_pages_is_cloned_and_punched()
    {
        using var tale = new Tale(Tale.Files);
        using var a = tale.File("/a", 6);
        using var b = tale.Machine.Volume.Create("/b");
        return tale.Begin()
            .Then("pages 1..3 of /a to page 8 of /b", () => tale.Machine.Volume.CloneRange(a, P, 3 * P, b, 8 * P))
            .Then("punch page 2 out of /a", () => a.PunchHole(2 * P, P))
            .Told();
    }

    [Fact]
    public Task Dedupe_makes_equal_pages_one()
    {
        using var tale = new Tale(Tale.Files);
        using var a = tale.File("/a", 3);
        using var b = tale.File("/b", 3);
        b.Write(P, "x"u8);
        return tale.Begin()
            .Then("page 0 is equal", () => Assert.True(tale.Machine.Volume.Dedupe(a, 0, P, b, 0)))
            .Then("pages 1 and 2 together are not", () => Assert.False(tale.Machine.Volume.Dedupe(a, P, 2 * P, b, P)))
            .Then("page 2 is", () => Assert.True(tale.Machine.Volume.Dedupe(a, 2 * P, P, b, 2 * P)))
            .Told();
    }

    [Fact]
    public Task Holes_are_punched_and_gaps_closed()
    {
        using var tale = new Tale(Tale.Files);
        using var a = tale.File("/a", 6);
        return tale.Begin()
            .Then("punch bytes 100 .. 2 pages + 100", () => a.PunchHole(100, 2 * P))
            .Then("collapse pages 1 and 2", () => a.Collapse(P, 2 * P))
            .Then("truncate to a page and a half", () => a.Truncate(P + (P / 2)))
            .Told();
    }

    [Fact]
    public Task A_file_without_a_name_lives_while_it_is_open()
    {
        using var tale = new Tale(Tale.Files);
        var a = tale.File("/a", 2);
        return tale.Begin()
            .Then("ln /a /b", () => tale.Machine.Volume.Link("/a", "/b"))
            .Then("rm /a /b", () => Array.ForEach(["/a", "/b"], tale.Machine.Volume.Unlink))
            .Then("write to it all the same", () => a.Append("more"u8))
            .Then("close", a.Dispose)
            .Told();
    }

    [Fact]
    public Task Directories_and_links()
    {
        using var tale = new Tale(["inodes"]);
        var volume = tale.Machine.Volume;
        volume.MakeDirectory("/usr");
        volume.MakeDirectory("/usr/lib", (UnixFileMode)0x1C0);
        volume.Create("/usr/lib/libc.so.6", FileModes.Program).Dispose();
        volume.MakeSymbolicLink("usr/lib", "/lib");
        return tale.Begin()
            .Then("ln, and a name with a line end", () =>
            {
                volume.Link("/lib/libc.so.6", "/usr/libc");
                volume.Create("/usr/odd\nname").Dispose();
            })
            .Then("mv /usr/lib /lib64", () => volume.Rename("/usr/lib", "/lib64"))
            .Told();
    }
}
