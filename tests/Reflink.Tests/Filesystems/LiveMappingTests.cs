using Reflink.Fidelity.Filesystems;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Filesystems;

/// <summary>Which pages leave the page cache on demand while processes map the file: the running kernel beside the model.</summary>
public sealed class LiveMappingTests
{
    private const int Pages = 8;

    [LiveFact("xfs")]
    public void As_in_the_kernel_mapped_pages_stay_when_the_others_are_dropped()
    {
        using var image = LoopImage.TryXfs(out var why);
        Assert.True(image is not null, why);
        using var live = new LiveMapping($"{image.Path}/f", Pages);
        using var tale = new Tale([]);
        using var file = tale.File("/f", Pages);
        var (process, address) = tale.Mapped("/f", Protection.Read);
        Assert.Equal((Pages, Pages), (live.Resident, tale.Machine.Cache.Resident));

        foreach (var page in (int[])[2, 5])
        {
            Assert.Equal(7, live.Load(page));
            Assert.Equal((byte)('A' + page), process.Memory.Load<byte>(address + (page * Page.Size)));
        }

        live.DropUnmapped();
        file.Evict(0, 0);
        Assert.Equal((2, 2), (live.Resident, tale.Machine.Cache.Resident));

        live.Unmap(5);
        process.Memory.Unmap(address + (5 * Page.Size), Page.Size);
        live.DropUnmapped();
        file.Evict(0, 0);
        Assert.Equal((1, 1), (live.Resident, tale.Machine.Cache.Resident));
    }

    [LiveFact("xfs")]
    public void As_in_the_kernel_a_load_that_misses_has_the_pages_around_it_read()
    {
        const int All = 256;
        using var image = LoopImage.TryXfs(out var why);
        Assert.True(image is not null, why);
        using var live = new LiveReadAround(image, All, 128);
        using var machine = new Machine(new MachineOptions { ReadAround = 128 << 10, FaultAround = 64 << 10 });
        using var file = machine.Volume.Create("/f");
        file.Write(0, new byte[All * Page.Size]);
        machine.DropCaches();
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.Map(file, 0, All * Page.Size, Protection.Read, Reflink.Vm.MappingKind.Shared);
        Assert.Empty(live.Resident);

        // In the middle, near both ends, where a window overlaps another, at a mark, and behind it.
        foreach (var page in (int[])[100, 10, 250, 40, 108, 200, 116])
        {
            Assert.Equal(7, live.Load(page));
            _ = process.Memory.Load<byte>(address + (page * Page.Size));
            Assert.Equal(live.Resident, Enumerable.Range(0, All).Where(n => IsResident(machine, file, n)));
        }
    }

    private static bool IsResident(Machine machine, OpenFile file, int page) =>
        file.Inode.Map.TryFindBlock(new PageIndex(page), out var block)
        && machine.Cache.TryPeek(block, new PageLabel(file.Inode.Number, new PageIndex(page)), out _);
}
