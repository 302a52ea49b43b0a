using Reflink.Store.Slots;

namespace Reflink.Tests.Store;

/// <summary>Reads one slot.</summary>
internal static class SlotReading
{
    /// <summary>Copies the slot's page, which must be there; returns its checksum.</summary>
    public static unsafe ulong Read(this IPageSlots slots, int slot, byte[] page)
    {
        fixed (byte* bytes = page)
        {
            var read = new SlotRead(slot, bytes);
            slots.Read(new Span<SlotRead>(ref read));
            Xunit.Assert.NotEqual(0, read.Address);
            return read.Checksum;
        }
    }
}
