using Reflink.Store;

namespace Reflink.Tests.Store;

/// <summary>Slots on files of which next to none are in memory, so that a few pages do what millions do otherwise.</summary>
internal static class FileSlotsOf
{
    /// <summary>Slots of which about so many stay in memory.</summary>
    public static FileSlots Pages(int count, string folder) => count <= 3
        ? new FileSlots(folder, memory: 1 << 15, logPage: 1 << 13)
        : new FileSlots(folder, memory: 1 << 16, logPage: 1 << 14);
}
