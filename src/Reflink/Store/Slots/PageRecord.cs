namespace Reflink.Store.Slots;

/// <summary>What FASTER keeps in a slot.</summary>
internal unsafe struct PageRecord
{
    public fixed byte Bytes[Page.Size];
    public ulong Checksum;
}
