namespace Reflink.Ksm.Sets;

/// <summary>What the scanner remembers of one page of a process that it visited (struct ksm_rmap_item, mm/ksm.c): 32 bytes.</summary>
internal struct RmapItem
{
    private const int NodeShift = 25;

    /// <summary>The page.</summary>
    public VirtualPage Page;

    /// <summary>The hash of the page's bytes at the last visit that was not skipped; 0 for a new item.</summary>
    public ulong Hash;

    /// <summary>The item of the next page of the same process.</summary>
    public int Next;

    /// <summary>Stable: the node.</summary>
    public int Link;

    /// <summary>The set that the page is in.</summary>
    public ItemState State;

    /// <summary>Unstable: the <see cref="UnstableSet.Generation"/> of the set when the page was added to it.</summary>
    public byte Generation;

    /// <summary>Smart scan: visits, up to 255.</summary>
    public byte Age;

    /// <summary>Smart scan: visits that are still to be skipped.</summary>
    public byte Skips;

    // Bits 0..24 the slot, from 25 the node.
    private int _slotAndNode;

    /// <summary>The process's slot, by number.</summary>
    public int Slot
    {
        readonly get => _slotAndNode & ((1 << NodeShift) - 1);
        set => _slotAndNode = (_slotAndNode & ~((1 << NodeShift) - 1)) | value;
    }

    /// <summary>The NUMA node within which the last visit looked for an equal page; 0 if pages are merged across nodes.</summary>
    public int Node
    {
        readonly get => _slotAndNode >> NodeShift;
        set => _slotAndNode = (value << NodeShift) | Slot;
    }

    /// <summary>The key under which the page waits: the hash of its bytes, changed by the NUMA node.</summary>
    public readonly ulong Key => KeyOf(Hash, Node);

    /// <summary>The key of a content on a NUMA node.</summary>
    public static ulong KeyOf(ulong hash, int node) => unchecked(hash + ((ulong)node * Hashing.Fibonacci));
}
