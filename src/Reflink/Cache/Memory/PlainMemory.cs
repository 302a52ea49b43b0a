using System.Runtime.InteropServices;

namespace Reflink.Cache.Memory;

/// <summary>Aligned memory of the C library, all of it at once: slow to begin with and never smaller, but it is everywhere.</summary>
internal sealed unsafe class PlainMemory : INativeMemory
{
    /// <inheritdoc/>
    public byte* Reserve(nuint length)
    {
        try
        {
            var address = NativeMemory.AlignedAlloc(length, Page.Size);
            NativeMemory.Clear(address, length);
            return (byte*)address;
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool TryCommit(byte* address, nuint length) => true;

    /// <inheritdoc/>
    public void Free(byte* address, nuint length) => NativeMemory.AlignedFree(address);
}
