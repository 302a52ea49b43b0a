namespace Reflink.Store.Slots;

/// <summary>
/// One page on its way into or out of a slot: FASTER hands it to <see cref="SlotFunctions"/>, which copy. It points to all
/// that comes back, since a read from the device ends in a copy of it.
/// </summary>
internal unsafe struct PageTransfer
{
    /// <summary>The caller's page, pinned while the call lasts.</summary>
    public byte* Page;

    /// <summary>The checksum that is kept with the page.</summary>
    public ulong* Checksum;

    /// <summary>Becomes the log address of the record that was written or read; stays as it is if there was none.</summary>
    public long* Address;
}
