namespace Reflink.Cache.Policies.Linux;

/// <summary>A few folios that wait for their lists to change, so that the lists' lock is taken seldom (struct folio_batch, mm/swap.c).</summary>
internal struct FolioBatch
{
    /// <summary>How many folios a batch holds (PAGEVEC_SIZE).</summary>
    public const int Size = 31;

    private readonly int[] _frames;

    public FolioBatch() => _frames = new int[Size];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Those that wait, in the order in which they came.</summary>
    public readonly ReadOnlySpan<int> Frames => _frames.AsSpan(0, Count);

    /// <summary>Adds one and says whether the batch is full.</summary>
    public bool Add(int frame)
    {
        _frames[Count++] = frame;
        return Count == Size;
    }

    /// <summary>Empties the batch.</summary>
    public void Clear() => Count = 0;
}
