using Reflink.Descriptions;
using Reflink.Descriptions.Formats;
using Reflink.Units;

namespace Reflink.Tests.Stories;

/// <summary>Files that are made from descriptions: what the machine is like after each step.</summary>
public sealed class DescriptionStories
{
    private const int P = Page.Size;

    [Fact]
    public Task A_described_file_is_born_touched_squeezed_and_outlives_its_base()
    {
        using var tale = new Tale([.. Tale.Files, "recipes"]);
        tale.File("/lib", 4).Dispose();
        var volume = tale.Machine.Volume;
        volume.Sync();
        var changes = new ChangeDescription.Builder(new DescribedBase(4 * P, "/lib"))
            .Write(P + 100, "traced"u8).Write(3 * P, Tale.Letters(1)).Append("end"u8).Build();
        return tale.Begin()
            .Then("derive /traced: a byte range in page 1, all of page 3, and three bytes behind the end", () => volume.Derive(changes, "/traced"))
            .Then("derive /same from the same description", () => volume.Derive(changes, "/same"))
            .Then("read page 1 of /traced: its frame is made from that of /lib", () => ReadPage(tale.Machine, "/traced"))
            .Then("read page 1 of /same: it is there", () => ReadPage(tale.Machine, "/same"))
            .Then("drop the caches", () => tale.Machine.DropCaches())
            .Then("read page 1 of /traced again: the root is read, and gets no frame", () => ReadPage(tale.Machine, "/traced"))
            .Then("write to page 1 of /lib", () => Write(tale.Machine, "/lib"))
            .Then("rm /lib: what the others need stays", () => volume.Unlink("/lib"))
            .Then("write to page 1 of /same: it gets a block of its own", () => Write(tale.Machine, "/same"))
            .Then("materialise /traced", () => volume.Materialize("/traced"))
            .Then("rm /traced /same", () =>
            {
                volume.Unlink("/traced");
                volume.Unlink("/same");
            })
            .Told();
    }

    [Fact]
    public void A_described_file_outlasts_a_sync_and_its_base()
    {
        using var folder = new ScratchFolder("described");
        MachineOptions Options() => new() { Memory = 1 << 20, Store = new StoreOptions { Folder = folder.Of("store"), Memory = StoreOptions.LeastMemory, Use = StoreUse.Durable } };
        byte[] expected;
        using (var machine = new Machine(Options()))
        {
            using (var file = machine.Volume.Create("/lib"))
            {
                file.Write(0, Tale.Letters(20));
            }

            machine.Volume.Derive(new ChangeDescription.Builder(new DescribedBase(20 * P, "/lib")).Write(P + 100, "traced"u8).Insert(10 * P, "more"u8).Build(), "/traced");
            expected = Bytes(machine, "/traced");
            machine.Volume.Sync();
            machine.Volume.Unlink("/lib");
            machine.Volume.Sync();
        }

        using var again = new Machine(Options());
        Fsck.Require(again);
        Assert.Equal(Errno.ENOENT, Files.Errors.Of(() => again.Volume.Stat("/lib")));
        Assert.Equal(expected, Bytes(again, "/traced"));
        Assert.Equal(11, again.Volume.Extents("/traced").Where(e => (e.Flags & Reflink.Files.ExtentFlags.Encoded) != 0).Sum(e => e.Length) - 1);
        Assert.Equal(20, again.Volume.Blocks.Total - again.Volume.Blocks.Free);
        again.Volume.Materialize("/traced");
        again.Volume.Sync();
        Assert.Equal(expected, Bytes(again, "/traced"));
        Fsck.Require(again);
    }

    [Fact]
    public Task Edits_and_what_they_come_to()
    {
        var description = DescriptionFiles.Read("""
            reflink-change-description 1
            base size=20480 name=/lib.so
            write 0x1010 cc old 90
            insert 0x2000 00112233
            delete 0x3000 0x10

            """u8, "edits");
        return Verify(System.Text.Encoding.UTF8.GetString(DescriptionFiles.Write(description, DescriptionFormat.Text))
            + "\n" + System.Text.Encoding.UTF8.GetString(DescriptionFiles.Write(description, DescriptionFormat.Json)));
    }

    private static void ReadPage(Machine machine, string path)
    {
        using var file = machine.Volume.Open(path);
        var bytes = new byte[6];
        file.Read(P + 100, bytes);
        Assert.Equal("traced"u8, bytes);
    }

    private static void Write(Machine machine, string path)
    {
        using var file = machine.Volume.Open(path, OpenFlags.ReadWrite);
        file.Write(P, "own"u8);
    }

    private static byte[] Bytes(Machine machine, string path) => Descriptions.BuilderTests.Read(machine.Volume.SourceOf(path));
}
