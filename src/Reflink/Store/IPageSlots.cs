namespace Reflink.Store;

/// <summary>
/// Numbered places for pages in a FASTER log. Slots are to be used from 0 upward; what a slot holds that was never written,
/// or was freed, is undefined.
/// </summary>
internal interface IPageSlots
{
    /// <summary>How many slots there are.</summary>
    int Capacity { get; }

    /// <summary>What FASTER's device did.</summary>
    StoreDiagnostics Diagnostics { get; }

    /// <summary>Keeps a page and its checksum in a slot.</summary>
    /// <exception cref="Units.ReflinkException">ENOSPC or EIO, as <see cref="IPageStore.Write"/>. Nothing has changed.</exception>
    void Write(int slot, ReadOnlySpan<byte> page, ulong checksum);

    /// <summary>Copies the slot's bytes to <paramref name="page"/>, and the checksum that was written with them.</summary>
    /// <returns>False: the log has lost them.</returns>
    bool TryRead(int slot, Span<byte> page, out ulong checksum);

    /// <summary>Says that nobody needs what is in the slot.</summary>
    void Free(int slot);

    /// <summary>Takes the slots back; nobody uses them any more.</summary>
    void Release();
}
