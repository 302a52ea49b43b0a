using Reflink.Units;

namespace Reflink.Ksm;

/// <summary>What the scanner remembers of one page of a process that it visited (struct ksm_rmap_item, mm/ksm.c): 32 bytes.</summary>
internal struct RmapItem
{
    /// <summary>The page.</summary>
    public VirtualPage Page;

    /// <summary>The hash of its bytes at the last visit that looked; 0 at birth.</summary>
    public ulong Hash;

    /// <summary>The item of the next page of the same process.</summary>
    public int Next;

    /// <summary>The process's slot, by number.</summary>
    public int Slot;

    /// <summary>Stable: the node. Unstable: the next item in the same bucket.</summary>
    public int Link;

    /// <summary>In which set the page stands.</summary>
    public ItemState State;

    /// <summary>Unstable: the set's <see cref="UnstableSet.Generation"/> when it was put there.</summary>
    public byte Generation;

    /// <summary>Smart scan: visits, up to 255.</summary>
    public byte Age;

    /// <summary>Smart scan: visits that are still to be skipped.</summary>
    public byte Skips;
}
