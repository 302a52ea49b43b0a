namespace Reflink.Benchmarks.Cached;

/// <summary>Offsets of pages of a file at random, the same for everybody who asks for a file of that size; drawn beforehand.</summary>
internal sealed class RandomPages
{
    private const int Count = 1 << 16;
    private readonly long[] _offsets = new long[Count];
    private int _next;

    public RandomPages(int mebibytes)
    {
        var random = new Random(mebibytes);
        for (var n = 0; n < Count; n++)
        {
            _offsets[n] = random.NextInt64(((long)mebibytes << 20) / Page.Size) * Page.Size;
        }
    }

    public long Next() => _offsets[_next++ & (Count - 1)];
}
