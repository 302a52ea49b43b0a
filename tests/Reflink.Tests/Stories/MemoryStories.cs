namespace Reflink.Tests.Stories;

public sealed class MemoryStories
{
    [Fact]
    public Task A_file_larger_than_memory_is_written_back_and_evicted()
    {
        using var tale = new Tale([.. Tale.Files, "counters"], memory: 16 << Page.Shift);
        return tale.Begin()
            .Then("write 24 pages in 16 frames", () => tale.File("/big", 24).Dispose())
            .Then("read page 0", () => Assert.Equal("A"u8, tale.Read("/big", 1)))
            .Then("sync and drop caches", () => tale.Machine.DropCaches())
            .Told();
    }

    [Fact]
    public Task Anonymous_pages_leave_for_swap_and_come_back()
    {
        using var tale = new Tale([.. Tale.Processes, "counters"], memory: 16 << Page.Shift, swap: 64 << Page.Shift);
        var process = tale.Machine.Processes.Spawn(tale.Machine.Processes.User(0), "hog");
        var address = process.Memory.MapAnonymous(20 << Page.Shift, Protection.ReadWrite);
        return tale.Begin()
            .Then("store to 20 pages in 16 frames", () => process.Memory.Store(address, Tale.Letters(20)))
            .Then("load page 0", () =>
            {
                var bytes = new byte[1];
                process.Memory.Load(address, bytes);
                Assert.Equal((byte)'A', bytes[0]);
            })
            .Then("exit", process.Exit)
            .Told();
    }
}
