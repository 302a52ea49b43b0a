using Reflink.Vm;

namespace Reflink.Tests.Stories;

public sealed class MappingStories
{
    private const int P = Page.Size;

    [Fact]
    public Task A_store_to_a_private_mapping_copies_one_page()
    {
        using var tale = new Tale(Tale.Processes);
        tale.File("/lib", 3).Dispose();
        var (one, a) = tale.Mapped("/lib", Protection.ReadWrite);
        var (two, b) = tale.Mapped("/lib", Protection.Read);
        Tale.Touch(one, a, 3);
        Tale.Touch(two, b, 3);
        return tale.Begin()
            .Then("process 1 stores to page 1", () => one.Memory.Store(a + P, "mine"u8))
            .Told();
    }

    [Fact]
    public Task A_store_to_a_shared_mapping_changes_the_file_for_all()
    {
        using var tale = new Tale(Tale.Processes);
        using var file = tale.File("/data", 2);
        var (one, a) = tale.Mapped("/data", Protection.ReadWrite, shared: true);
        var (two, b) = tale.Mapped("/data", Protection.Read);
        Tale.Touch(two, b, 2);
        return tale.Begin()
            .Then("process 1 stores to page 0; process 2 and read(2) see it", () =>
            {
                one.Memory.Store(a, "ours"u8);
                var (seen, read) = (new byte[4], new byte[4]);
                two.Memory.Load(b, seen);
                file.Read(0, read);
                Assert.Equal("oursours"u8, (byte[])[.. seen, .. read]);
            })
            .Then("after a clone the next store copies", () =>
            {
                tale.Machine.Volume.Clone("/data", "/kept");
                one.Memory.Store(a, "new!"u8);
            })
            .Told();
    }

    [Fact]
    public Task Fork_shares_private_pages_until_one_stores()
    {
        using var tale = new Tale(Tale.Processes);
        var parent = tale.Machine.Processes.Spawn(tale.Machine.Processes.User(0), "sh");
        var address = parent.Memory.MapAnonymous(3 * P, Protection.ReadWrite);
        parent.Memory.Store(address, Tale.Letters(3));
        Process child = null!;
        return tale.Begin()
            .Then("fork", () => child = parent.Fork())
            .Then("the child stores to page 1", () => child.Memory.Store(address + P, "child"u8))
            .Then("the parent exits", parent.Exit)
            .Then("the child stores to page 0, which is its own now", () => child.Memory.Store(address, "child"u8))
            .Told();
    }

    [Fact]
    public Task A_mapped_file_without_a_name_lives_until_it_is_unmapped()
    {
        using var tale = new Tale(Tale.Processes);
        tale.File("/gone", 2).Dispose();
        var (process, address) = tale.Mapped("/gone", Protection.Read);
        Tale.Touch(process, address, 2);
        return tale.Begin()
            .Then("rm /gone", () => tale.Machine.Volume.Unlink("/gone"))
            .Then("munmap of page 0 leaves page 1", () => process.Memory.Unmap(address, P))
            .Then("munmap", () => process.Memory.Unmap(address + P, P))
            .Told();
    }

    [Fact]
    public Task Shared_anonymous_memory_is_one_for_parent_and_child()
    {
        using var tale = new Tale(Tale.Processes);
        var parent = tale.Machine.Processes.Spawn(tale.Machine.Processes.User(0), "db");
        var address = parent.Memory.MapAnonymous(2 * P, Protection.ReadWrite, MappingKind.Shared);
        parent.Memory.Store(address, "p"u8);
        Process child = null!;
        return tale.Begin()
            .Then("fork, and the child stores to both pages", () =>
            {
                child = parent.Fork();
                child.Memory.Store(address, "c"u8);
                child.Memory.Store(address + P, "c"u8);
            })
            .Told();
    }
}
