namespace Reflink.Store;

/// <summary>One page on its way into or out of a slot: FASTER hands it to <see cref="SlotFunctions"/>, which copy.</summary>
internal unsafe struct PageTransfer
{
    /// <summary>The caller's page, pinned while the call lasts.</summary>
    public byte* Page;

    /// <summary>The checksum to keep with the page; unused by a read.</summary>
    public ulong Checksum;
}
