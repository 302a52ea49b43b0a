namespace Reflink.Studies;

/// <summary>
/// The generator SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014): the same numbers
/// for the same seed on every machine and with every version of .NET.
/// </summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number from 0 to <paramref name="end"/> - 1: the upper half of a product, as good as even for small ends.</summary>
    public int Below(int end) => (int)Below((ulong)end);

    /// <summary>The same for larger numbers.</summary>
    public ulong Below(ulong end) => Math.BigMul(Next(), end, out _);

    /// <summary>So many different numbers below <paramref name="end"/>, ascending (Knuth, volume 2, 3.4.2, algorithm S).</summary>
    public IEnumerable<int> Draw(int count, int end)
    {
        var needed = count;
        for (var i = 0; needed > 0; i++)
        {
            if (Below(end - i) < needed)
            {
                needed--;
                yield return i;
            }
        }
    }
}
