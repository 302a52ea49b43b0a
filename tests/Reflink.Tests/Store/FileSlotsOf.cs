using Reflink.Store.Disks;
using Reflink.Store.Slots;

namespace Reflink.Tests.Store;

/// <summary>Slots on files of which next to none are in memory, so that a few pages do what millions do otherwise.</summary>
internal static class FileSlotsOf
{
    /// <summary>Slots of which about so many stay in memory.</summary>
    public static FileSlots Pages(int count, string folder) => new(
        StoreFolder.Open(folder, StoreUse.Scratch), Sizes(count), StoreUse.Scratch);

    /// <summary>Sizes with which about so many pages stay in memory.</summary>
    public static StoreGeometry Sizes(int count) => count <= 3 ? StoreGeometry.Of(1 << 15, 1 << 13) : StoreGeometry.Of(1 << 16, 1 << 14);
}
