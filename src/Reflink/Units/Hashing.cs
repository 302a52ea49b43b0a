using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>Multiplicative hashing of numbers (Knuth, volume 3, 6.4): quick, and good enough for numbers that nobody chooses to collide.</summary>
internal static class Hashing
{
    /// <summary>2^64 divided by the golden ratio: multiplying by it spreads neighbouring numbers over the upper bits.</summary>
    public const ulong Fibonacci = 0x9E3779B97F4A7C15UL;

    /// <summary>Spreads a key of two 32-bit numbers over the upper bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong key) => unchecked((key ^ (key >> 32)) * Fibonacci);

    /// <summary>The bucket of a key among 2^(64 - <paramref name="shift"/>). Sixteen neighbouring keys have buckets that share a cache line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BucketOfSixteen(ulong key, int shift) => unchecked((int)(((key >> 4) * Fibonacci) >> shift) ^ (int)(key & 15));
}
