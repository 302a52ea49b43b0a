using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Reflink.Cache.Policies.Lists;

/// <summary>
/// Finds a small number by a 64-bit key: open addressing with linear probing, 12 bytes an entry, 24 a key when it is full. Entries
/// are moved back when one is removed, so no tombstones gather.
/// </summary>
/// <remarks>
/// Source: D. E. Knuth, The Art of Computer Programming 3, 6.4, algorithms L and R. The place of a key is its hash times the
/// number of places, so any number will do and memory is what was asked for.
/// </remarks>
public sealed unsafe class KeyTable
{
    /// <summary>Bytes that a key takes in a table that is full, or that was made for it.</summary>
    public const int BytesPerKey = 24;

    private const int Smallest = 16;
    private readonly int _most;

    // Pinned, so that a place can be fetched ahead by its address.
    private Entry[] _entries = [];
    private Entry* _places;
    private int _length;
    private int _room;

    /// <summary>Makes an empty table.</summary>
    /// <param name="most">How many keys it will have to hold at once.</param>
    /// <param name="reserve">Whether to take memory for all of them now; otherwise it doubles as it fills.</param>
    public KeyTable(int most, bool reserve = false)
    {
        _most = Math.Max(most, Smallest);
        Allocate(reserve ? _most : Smallest);
    }

    /// <summary>How many keys there are.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the number of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(ulong key, out int value)
    {
        var place = Home(key);
        while (true)
        {
            var entry = _places + place;
            value = entry->Value - 1;
            if (value < 0)
            {
                return false;
            }

            if (entry->Key == key)
            {
                return true;
            }

            place = Next(place);
        }
    }

    /// <summary>Adds a key that is not there, with a number from 0 to 2^31 - 2.</summary>
    public void Add(ulong key, int value)
    {
        if (Count == _room)
        {
            Grow();
        }

        Put(key, value + 1);
        Count++;
    }

    /// <summary>Takes a key out, if it is there.</summary>
    public bool Remove(ulong key, out int value)
    {
        var place = Home(key);
        for (; ; place = Next(place))
        {
            value = _places[place].Value - 1;
            if (value < 0)
            {
                return false;
            }

            if (_places[place].Key == key)
            {
                break;
            }
        }

        Close(place);
        Count--;
        return true;
    }

    /// <summary>Has the processor fetch the place of a key that will be looked for soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(ulong key)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_places + Home(key));
        }
    }

    // Whoever stands behind a hole and began before it moves into it, until nobody does.
    private void Close(int hole)
    {
        for (var place = Next(hole); _places[place].Value != 0; place = Next(place))
        {
            var home = Home(_places[place].Key);
            if (hole <= place ? home <= hole || home > place : home <= hole && home > place)
            {
                _places[hole] = _places[place];
                hole = place;
            }
        }

        _places[hole] = default;
    }

    private void Put(ulong key, int mark)
    {
        var place = Home(key);
        while (_places[place].Value != 0)
        {
            place = Next(place);
        }

        _places[place] = new Entry { Key = key, Value = mark };
    }

    private void Grow()
    {
        Invariant.Check(_room < _most);
        var old = _entries;
        Allocate((int)Math.Min(_most, _room * 2L));
        foreach (ref readonly var entry in old.AsSpan())
        {
            if (entry.Value != 0)
            {
                Put(entry.Key, entry.Value);
            }
        }
    }

    // Half of the places stay empty.
    private void Allocate(int room)
    {
        _entries = GC.AllocateArray<Entry>(checked(room * 2), pinned: true);
        (_room, _length) = (room, _entries.Length);
        _places = (Entry*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_entries));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Next(int place) => ++place == _length ? 0 : place;

    // Fibonacci hashing after folding the upper half in; the high word of the product with the length is the place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong key)
    {
        var hash = Hashing.Mix(key);
        return (int)Math.BigMul(hash, (ulong)_length, out _);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public ulong Key;
        public int Value;
    }
}
