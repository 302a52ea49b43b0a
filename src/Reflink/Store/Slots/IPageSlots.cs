namespace Reflink.Store.Slots;

/// <summary>
/// Numbered places for pages in a FASTER log. Slots are to be used from 0 upward; what a slot holds that was never written,
/// or was freed, is undefined.
/// </summary>
internal interface IPageSlots
{
    /// <summary>How many slots there are.</summary>
    int Capacity { get; }

    /// <summary>Whether pages may lie on a device that can damage them. Where they only lie in this process's memory, a checksum would guard nothing.</summary>
    bool HasDevice { get; }

    /// <summary>What FASTER's device did.</summary>
    StoreDiagnostics Diagnostics { get; }

    /// <summary>Where the page of a slot lies, for messages.</summary>
    string PlaceOf(int slot);

    /// <summary>Keeps a page and its checksum (0 without a device) in a slot.</summary>
    /// <exception cref="ReflinkException">ENOSPC or EIO, as <see cref="IPageStore.Write"/>. Nothing has changed.</exception>
    void Write(int slot, ReadOnlySpan<byte> page, ulong checksum);

    /// <summary>Copies the pages of slots, with the checksums that were written with them; all that the device has is asked for at once.</summary>
    void Read(Span<SlotRead> reads);

    /// <summary>Says that nobody needs what is in the slot.</summary>
    void Free(int slot);

    /// <summary>Takes the slots back; nobody uses them any more.</summary>
    void Release();
}
