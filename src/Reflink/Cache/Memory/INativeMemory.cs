namespace Reflink.Cache.Memory;

/// <summary>A platform's way to reserve zeroed memory and to take what is used of it.</summary>
internal unsafe interface INativeMemory
{
    /// <summary>Reserves a range that begins at a page; null if that cannot be had.</summary>
    byte* Reserve(nuint length);

    /// <summary>Makes bytes of a reserved range usable, for good; whether there was memory for them.</summary>
    bool TryCommit(byte* address, nuint length);

    /// <summary>Gives a reserved range back.</summary>
    void Free(byte* address, nuint length);
}
