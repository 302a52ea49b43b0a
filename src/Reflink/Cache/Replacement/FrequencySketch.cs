using System.Runtime.CompilerServices;

namespace Reflink.Cache.Replacement;

/// <summary>How often keys were seen, about, and never too seldom: a counting Bloom filter that is halved from time to time, so that it follows.</summary>
/// <remarks>
/// Source: L. Fan, P. Cao, J. Almeida, A. Z. Broder, Summary cache, IEEE/ACM ToN 8(3), 2000; ten places a key and 14.4 a page of memory, which for
/// as many keys as pages err once in a thousand.
/// </remarks>
internal sealed class FrequencySketch(int keys)
{
    private const int Places = 10;
    private readonly int _length = (int)Math.Clamp(keys * 14378L / 1000, 2 * Places, Array.MaxLength);
    private ushort[] _counters = [];

    /// <summary>Counts a key once more.</summary>
    public void Add(ulong key)
    {
        if (_counters.Length == 0)
        {
            _counters = new ushort[_length];
        }

        var (at, step) = Hash(key);
        for (var n = 0; n < Places; n++)
        {
            ref var counter = ref _counters[Place(at, step, n)];
            counter += (ushort)(counter < ushort.MaxValue ? 1 : 0);
        }
    }

    /// <summary>How often a key was counted, or more.</summary>
    public int Estimate(ulong key)
    {
        var (at, step) = Hash(key);
        var least = _counters.Length == 0 ? 0 : int.MaxValue;
        for (var n = 0; n < Places && least > 0; n++)
        {
            least = Math.Min(least, _counters[Place(at, step, n)]);
        }

        return least;
    }

    /// <summary>Halves all counts.</summary>
    public void Age()
    {
        foreach (ref var counter in _counters.AsSpan())
        {
            counter >>= 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Place(uint at, uint step, int n) => (int)(((ulong)unchecked(at + ((uint)n * step)) * (uint)_length) >> 32);

    // SplitMix64's finaliser; its halves are the two hashes of which the places are made.
    private static (uint At, uint Step) Hash(ulong key)
    {
        var hash = unchecked(key + 0x9E3779B97F4A7C15UL);
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        hash ^= hash >> 31;
        return unchecked(((uint)hash, (uint)(hash >> 32) | 1));
    }
}
