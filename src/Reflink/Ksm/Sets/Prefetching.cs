using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Reflink.Ksm.Sets;

/// <summary>Tells the processor what is going to be read, where it has a way to be told (PREFETCHT0); elsewhere it does nothing.</summary>
internal static unsafe class Prefetching
{
    /// <summary>Begins to fetch the cache line of a place. A collection that moves it meanwhile makes the hint a wrong one, and no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
