using System.Numerics;

namespace Reflink.Ksm.Sets;

/// <summary>
/// Finds the numbers of records by 64-bit keys: a hash table with open addressing and linear probing. An entry has four bytes, the
/// number of a record and, in the bits that numbers leave free, a tag of its key, so that a search reads few records but the right one
/// and mostly a single cache line. Which records have the key is for the caller to check.
/// </summary>
/// <param name="keyOf">The key of a record; asked only when the table grows.</param>
internal sealed class RecordIndex(Func<int, ulong> keyOf)
{
    private const int FewestEntries = 64;
    private const uint Empty = 0;

    // The entry of a number that was taken out: searches go on behind it. No record has this number.
    private const uint Removed = uint.MaxValue;

    private uint[] _entries = new uint[FewestEntries];

    // How many low bits of an entry are the number; the others are the tag.
    private int _numberBits = BitOperations.Log2(FewestEntries);

    // Entries that are not empty.
    private int _used;

    /// <summary>How many numbers there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the table.</summary>
    public long Bytes => (long)_entries.Length * sizeof(uint);

    private uint NumberMask => (1u << _numberBits) - 1;

    /// <summary>Has the processor prefetch the place of a key.</summary>
    public void Prefetch(ulong key) => Prefetching.Begin(ref _entries[HomeOf(key)]);

    /// <summary>The first number whose key may be this one, 0 if there is none; go on with <see cref="Next"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="at">Where the search is.</param>
    public int First(ulong key, out int at)
    {
        at = HomeOf(key);
        return FindFrom(key, ref at);
    }

    /// <summary>The next number whose key may be this one; 0 if there is none.</summary>
    public int Next(ulong key, ref int at)
    {
        at = Behind(at);
        return FindFrom(key, ref at);
    }

    /// <summary>Adds a number.</summary>
    public void Add(ulong key, int number)
    {
        if ((uint)number >= NumberMask || (_used + 1L) * 4 > _entries.Length * 3L)
        {
            Rebuild(Math.Max(Count + 1, FewestEntries / 2), number);
        }

        Put(key, number);
        Count++;
    }

    /// <summary>Takes out a number that is there.</summary>
    public void Remove(ulong key, int number)
    {
        var at = HomeOf(key);
        while (_entries[at] == Removed || (_entries[at] & NumberMask) != number)
        {
            Invariant.Check(_entries[at] != Empty);
            at = Behind(at);
        }

        // At the end of a cluster nothing lies behind it that a search must reach.
        var isLast = _entries[Behind(at)] == Empty;
        _entries[at] = isLast ? Empty : Removed;
        _used -= isLast ? 1 : 0;
        Count--;
    }

    /// <summary>Takes out all numbers, and makes room for as many as are to come, so that the table need not grow while they do.</summary>
    /// <param name="count">How many are expected.</param>
    /// <param name="largest">The largest number that is expected.</param>
    public void Clear(int count = 0, int largest = 0)
    {
        if (_entries.Length * 2L < count * 3L)
        {
            _entries = new uint[LengthFor(count)];
        }
        else if (_used > 0)
        {
            Array.Clear(_entries);
        }

        (_used, Count) = (0, 0);
        _numberBits = Math.Max(_numberBits, BitsFor(largest));
    }

    /// <summary>All numbers, in no order that means anything.</summary>
    public IEnumerable<int> All()
    {
        foreach (var entry in _entries)
        {
            if (entry is not (Empty or Removed))
            {
                yield return (int)(entry & NumberMask);
            }
        }
    }

    private int FindFrom(ulong key, ref int at)
    {
        var entries = _entries;
        var (tag, mask) = (TagOf(key), NumberMask);
        while (entries[at] is var entry && entry != Empty)
        {
            if ((entry ^ tag) <= mask && entry != Removed)
            {
                return (int)(entry & mask);
            }

            at = Behind(at);
        }

        return 0;
    }

    private void Put(ulong key, int number)
    {
        var at = HomeOf(key);
        while (_entries[at] is not (Empty or Removed))
        {
            at = Behind(at);
        }

        _used += _entries[at] == Empty ? 1 : 0;
        _entries[at] = TagOf(key) | (uint)number;
    }

    private void Rebuild(int count, int largest)
    {
        var numbers = new List<int>(Count);
        numbers.AddRange(All());
        _numberBits = Math.Max(_numberBits, BitsFor(largest));
        _entries = new uint[LengthFor(count * 2)];
        _used = 0;
        foreach (var number in numbers)
        {
            Put(keyOf(number), number);
        }
    }

    // All ones is no number, or it would look like an entry that was removed.
    private static int BitsFor(int largest) => BitOperations.Log2((uint)largest + 1) + 1;

    // Two thirds full when all of them are there.
    private static int LengthFor(int count) => (int)Math.Min(Array.MaxLength, Math.Max(FewestEntries, count * 3L / 2));

    // The home comes from a key's upper bits, the tag from its lower ones.
    private uint TagOf(ulong key) => unchecked((uint)key) << _numberBits;

    private int HomeOf(ulong key) => (int)Math.BigMul(key, (ulong)_entries.Length, out _);

    private int Behind(int at) => at + 1 == _entries.Length ? 0 : at + 1;
}
