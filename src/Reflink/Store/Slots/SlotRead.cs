namespace Reflink.Store.Slots;

/// <summary>A page that is to be copied out of a slot, and what came with it.</summary>
internal unsafe struct SlotRead(int slot, byte* page)
{
    /// <summary>Where the page is.</summary>
    public readonly int Slot = slot;

    /// <summary>Where it goes; pinned while the call lasts.</summary>
    public readonly byte* Page = page;

    /// <summary>Becomes the checksum that was kept with the page.</summary>
    public ulong Checksum;

    /// <summary>Becomes the log address of the slot's record; 0: the log has lost it.</summary>
    public long Address;
}
