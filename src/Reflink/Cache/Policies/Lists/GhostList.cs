namespace Reflink.Cache.Policies.Lists;

/// <summary>
/// Pages that left, by key, the oldest first: what ghosts, histories and A1out are made of. When it is full the oldest is forgotten.
/// </summary>
internal sealed class GhostList
{
    private readonly KeyTable _numbers;
    private readonly FrameStates<ulong> _keys = new();

    // Ghosts are numbered as frames are, so that the same lists serve.
    private readonly FrameList _order = new();
    private int _free = -1;
    private int _used;

    /// <summary>Makes an empty list.</summary>
    /// <param name="most">How many ghosts it keeps.</param>
    public GhostList(int most) => (Capacity, _numbers) = (most, new KeyTable(most));

    /// <summary>How many ghosts it keeps at most.</summary>
    public int Capacity { get; }

    /// <summary>How many there are.</summary>
    public int Count => _order.Count;

    /// <summary>By what a ghost is known. Two pages of one inode never have the same key; of two inodes, hardly ever.</summary>
    public static ulong KeyOf(in PageLabel label) => unchecked(((ulong)label.Inode.Value * Hashing.Fibonacci) + (ulong)label.Page.Value);

    /// <summary>Remembers a page that is not remembered yet, as the newest; returns its number, -1 if none is kept.</summary>
    public int Add(ulong key)
    {
        if (Capacity == 0)
        {
            return -1;
        }

        if (Count == Capacity)
        {
            DropOldest();
        }

        var number = _free >= 0 ? _free : _used++;
        if (number == _free)
        {
            _free = unchecked((int)_keys.At(number));
        }

        _keys.Reach(number);
        _keys.At(number) = key;
        _numbers.Add(key, number);
        _order.AddNewest(new FrameNumber(number));
        return number;
    }

    /// <summary>Forgets a page, if it was remembered.</summary>
    public bool Remove(ulong key, out int number)
    {
        if (!_numbers.Remove(key, out number))
        {
            return false;
        }

        Free(number);
        return true;
    }

    /// <summary>Forgets the oldest, if there is one.</summary>
    public void DropOldest()
    {
        if (_order.TryPeekOldest(out var oldest))
        {
            Invariant.Check(_numbers.Remove(_keys[oldest], out _));
            Free(oldest.Value);
        }
    }

    private void Free(int number)
    {
        _order.Remove(new FrameNumber(number));
        (_keys.At(number), _free) = (unchecked((ulong)_free), number);
    }
}
