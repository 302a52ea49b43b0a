using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Reflink.Ksm.Sets;

/// <summary>Prefetches cache lines where the processor has an instruction for it (PREFETCHT0); on others it does nothing.</summary>
internal static unsafe class Prefetching
{
    /// <summary>Starts to fetch the cache line of a variable. If the garbage collector moves the variable meanwhile, the wrong line is fetched, which is harmless.</summary>
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
