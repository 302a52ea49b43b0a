using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>
/// Guesses where a key's thing stands, from where a neighbour's was found: what came side by side mostly stands side by side.
/// The guess costs no memory access to speak of, so the processor fetches what it leads to while the guess is still being
/// checked. It is only ever a guess: whoever asks checks it, and looks the key up where it is wrong.
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
