namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// How many children nodes of page trees have, by the nodes' keys: a hash table with open addressing, eight bytes a slot. Of a sparse file
/// there is such a node for nearly every page.
/// </summary>
internal sealed class ChildCounts
{
    // The lower bits of a slot are the count, 1 to 64, those above the key; 0 is an empty slot.
    private const int CountBits = 7;

    private ulong[] _slots = new ulong[16];
    private int _used;

    /// <summary>One child more; returns how many there are. A node without an entry has none.</summary>
    /// <param name="key">Below 2^57.</param>
    public int Increment(ulong key)
    {
        if (_used * 4L >= _slots.Length * 3L)
        {
            Grow();
        }

        var at = Find(key);
        if (_slots[at] == 0)
        {
            _slots[at] = key << CountBits;
            _used++;
        }

        return (int)(++_slots[at] & ((1 << CountBits) - 1));
    }

    /// <summary>One child less, of a node that has one; returns how many are left.</summary>
    public int Decrement(ulong key)
    {
        var at = Find(key);
        var left = (int)(--_slots[at] & ((1 << CountBits) - 1));
        if (left == 0)
        {
            Remove(at);
        }

        return left;
    }

    /// <summary>Whether a node has children.</summary>
    public bool Contains(ulong key) => _slots[Find(key)] != 0;

    // The slot of a key, or the empty one where it would be.
    private int Find(ulong key)
    {
        var at = HomeOf(key);
        while (_slots[at] != 0 && _slots[at] >> CountBits != key)
        {
            at = at + 1 == _slots.Length ? 0 : at + 1;
        }

        return at;
    }

    // Those behind it that a search would no longer find move up.
    private void Remove(int hole)
    {
        _used--;
        for (var at = hole; ;)
        {
            _slots[hole] = 0;
            do
            {
                at = at + 1 == _slots.Length ? 0 : at + 1;
                if (_slots[at] == 0)
                {
                    return;
                }
            }
            while (IsBetween(HomeOf(_slots[at] >> CountBits), hole, at));

            _slots[hole] = _slots[at];
            hole = at;
        }
    }

    // Whether a home lies behind the hole and not behind the slot, round the end of the table.
    private static bool IsBetween(int home, int hole, int at) => hole <= at ? hole < home && home <= at : hole < home || home <= at;

    private void Grow()
    {
        var old = _slots;
        _slots = new ulong[old.Length * 2];
        foreach (var slot in old)
        {
            if (slot != 0)
            {
                _slots[Find(slot >> CountBits)] = slot;
            }
        }
    }

    private int HomeOf(ulong key) => (int)Math.BigMul(Hashing.Mix(key), (ulong)_slots.Length, out _);
}
