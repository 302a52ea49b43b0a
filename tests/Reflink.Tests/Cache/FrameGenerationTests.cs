#if DEBUG
using Reflink.Cache;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>A build for debugging (<c>dotnet test -c Debug</c>) notices a frame number that was kept for too long.</summary>
public sealed class FrameGenerationTests
{
    [Fact]
    public void A_frame_that_was_reclaimed_is_not_read_through_the_number_it_had()
    {
        using var machine = new Machine(new MachineOptions { Memory = 16 << Page.Shift });
        using var file = machine.Volume.Create("/a");
        file.Write(0, new byte[32 << Page.Shift]);
        var use = new PageUse(file.Inode.Number, default, AccessKind.Read, default);
        var kept = machine.Pages.Get(file.Inode, use, out _);
        _ = machine.Cache.Frames.Bytes(kept)[0];
        file.Read(Page.Size, new byte[31 << Page.Shift]);
        Assert.Throws<InvariantException>(() => _ = machine.Cache.Frames.Bytes(kept)[0]);
        var anew = machine.Pages.Get(file.Inode, use, out _);
        Assert.Equal(0, machine.Cache.Frames.Bytes(anew)[0]);
    }

    [Fact]
    public void A_leased_frame_may_be_read_for_as_long_as_the_lease_lasts()
    {
        using var machine = new Machine(new MachineOptions { Memory = 16 << Page.Shift });
        using var file = machine.Volume.Create("/a");
        file.Write(0, new byte[32 << Page.Shift]);
        using var lease = machine.Cache.Leases.Begin(machine.Pages.Get(file.Inode, new PageUse(file.Inode.Number, default, AccessKind.Read, default), out _));
        file.Read(Page.Size, new byte[31 << Page.Shift]);
        Assert.Equal(0, lease.Bytes[0]);
    }
}
#endif
