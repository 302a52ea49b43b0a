namespace Reflink.Tests.Stories;

public sealed class FormatStories
{
    [Fact]
    public Task Everything_as_text()
    {
        using var tale = Busy();
        return Verify(tale.Machine);
    }

    [Fact]
    public Task Everything_as_JSON()
    {
        using var tale = Busy();
        return Verify(tale.Machine.Snapshot().ToJson());
    }

    [Fact]
    public Task Everything_as_counts()
    {
        using var tale = Busy();
        return Verify(tale.Machine.Summary());
    }

    [Fact]
    public Task One_file_of_two()
    {
        using var tale = Busy();
        tale.File("/other", 3).Dispose();
        tale.Machine.Volume.Clone("/lib", "/copy");
        return Verify(tale.Machine.SnapshotOf("/copy"));
    }

    [Fact]
    public Task One_process_of_two()
    {
        using var tale = Busy();
        var (other, _) = tale.Mapped("/lib", Protection.Read);
        return Verify(tale.Machine.SnapshotOf(other));
    }

    [Fact]
    public Task The_difference_of_two_machines()
    {
        using var one = Busy();
        using var other = Busy();
        other.Machine.Volume.Clone("/lib", "/copy");
        Assert.Equal("", Snapshot.Diff(one.Machine.Snapshot(), Busy().Machine.Snapshot()));
        return Verify(one.Machine, other.Machine);
    }

    private static Tale Busy()
    {
        var tale = new Tale([], swap: 16 << Page.Shift);
        tale.File("/lib", 2).Dispose();
        var (process, address) = tale.Mapped("/lib", Protection.ReadExecute);
        tale.Machine.TextPoke.Apply(process, address, Tale.Breakpoints(16));
        Tale.Touch(process, address, 2);
        var heap = process.Memory.MapAnonymous(2 << Page.Shift, Protection.ReadWrite);
        process.Memory.Store(heap, "heap"u8);
        using var file = tale.Machine.Volume.Open("/lib");
        tale.Machine.Uprobes.Attach(process, file, Tale.Breakpoints(17));
        tale.Machine.Overlays.Apply(process, tale.Machine.Processes.AddUser("ann"), file, Tale.Breakpoints(18));
        Fsck.Require(tale.Machine);
        return tale;
    }
}
