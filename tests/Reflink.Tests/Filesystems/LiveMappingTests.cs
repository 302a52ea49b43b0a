using Reflink.Fidelity.Filesystems;
using Reflink.Tests.Stories;

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
}
