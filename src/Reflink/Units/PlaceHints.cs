using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>
/// Predicts the place of a key from where its neighbour was found, since what came in together usually lies together. A
/// prediction needs almost no memory access, so the processor fetches what it leads to while the caller still checks it. The
/// caller must check it, and look the key up if it is wrong: a wrong prediction costs one cache line.
/// </summary>
internal sealed class PlaceHints
{
    private const int RegionShift = 10;
    private const int RegionBits = 8;

    // By regions of 1,024 keys, of which some share a place: how far key and place lay apart there when last found.
    private readonly ulong[] _apart = new ulong[1 << RegionBits];

    /// <summary>Where the key may stand; any number at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Guess(ulong key) => unchecked(key - _apart[Region(key)]);

    /// <summary>Takes note of where a key stands.</summary>
    public void Learn(ulong key, int place) => _apart[Region(key)] = unchecked(key - (ulong)place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Region(ulong key) => (int)(unchecked((key >> RegionShift) * Hashing.Fibonacci) >> (64 - RegionBits));
}
