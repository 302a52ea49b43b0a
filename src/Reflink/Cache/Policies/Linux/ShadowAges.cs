using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// When pages were evicted, by page: 12 bytes an entry. What is older than any refault distance that counts is dropped when the table is
/// full, for <see cref="PageTree"/> knows which pages have a shadow entry at all.
/// </summary>
internal sealed class ShadowAges
{
    private Entry[] _entries = new Entry[64];
    private int _count;

    /// <summary>Notes the eviction of a page that has no entry.</summary>
    /// <param name="key">The page.</param>
    /// <param name="shadow">Age and workingset bit.</param>
    /// <param name="now">The present age.</param>
    /// <param name="longest">Older entries may be dropped.</param>
    public void Add(ulong key, Shadow shadow, long now, long longest)
    {
        if (_count >= _entries.Length - (_entries.Length / 4))
        {
            Sweep(now, longest);
            if (_count > _entries.Length / 2)
            {
                Grow();
            }
        }

        Put(new Entry { Key = key, Mark = shadow.Word + 1 });
        _count++;
    }

    /// <summary>Takes the entry of a page out, if it is there.</summary>
    public bool Take(ulong key, out Shadow shadow)
    {
        for (var place = Home(key); _entries[place].Used; place = Next(place))
        {
            if (_entries[place].Key == key)
            {
                shadow = _entries[place].Shadow;
                Close(place);
                _count--;
                return true;
            }
        }

        shadow = default;
        return false;
    }

    private void Sweep(long now, long longest)
    {
        for (var place = 0; place < _entries.Length;)
        {
            if (_entries[place].Used && _entries[place].Shadow.Distance(now) > longest)
            {
                // Another may have moved in here.
                Close(place);
                _count--;
            }
            else
            {
                place++;
            }
        }
    }

    private void Grow()
    {
        var old = _entries;
        _entries = new Entry[old.Length / 2 * 3];
        foreach (ref readonly var entry in old.AsSpan())
        {
            if (entry.Used)
            {
                Put(entry);
            }
        }
    }

    private void Put(in Entry entry)
    {
        var place = Home(entry.Key);
        while (_entries[place].Used)
        {
            place = Next(place);
        }

        _entries[place] = entry;
    }

    // Knuth, The Art of Computer Programming 3, 6.4, algorithm R.
    private void Close(int hole)
    {
        for (var place = Next(hole); _entries[place].Used; place = Next(place))
        {
            var home = Home(_entries[place].Key);
            if (hole <= place ? home <= hole || home > place : home <= hole && home > place)
            {
                _entries[hole] = _entries[place];
                hole = place;
            }
        }

        _entries[hole] = default;
    }

    private int Next(int place) => ++place == _entries.Length ? 0 : place;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(ulong key) => (int)Math.BigMul(Hashing.Mix(key), (ulong)_entries.Length, out _);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Entry
    {
        public ulong Key;

        // The shadow's word plus one; zero where nothing is.
        public uint Mark;

        public readonly bool Used => Mark != 0;

        public readonly Shadow Shadow => new(Mark - 1);
    }
}
