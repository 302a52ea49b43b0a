using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Studies.Replaying;

/// <summary>
/// Misses of LRU for all sizes of memory in one pass: an access hits exactly in those memories that are larger than the number of other
/// pages used since its page was used last. A tree of counts over the times of last use gives that number in O(log pages).
/// </summary>
/// <remarks>
/// Source: R. L. Mattson and others, Evaluation techniques for storage hierarchies, IBM Systems Journal 9(2), 1970; the tree: P. M. Fenwick, A
/// new data structure for cumulative frequency tables, SP&amp;E 24(3), 1994. Times are made anew when the tree is full, so its size
/// follows the distinct pages, not the accesses.
/// </remarks>
public sealed class StackDistances
{
    private readonly Dictionary<ulong, int> _lastUse = [];

    // _hits[d]: accesses whose page was the d-th of the stack, from 0.
    private long[] _hits = new long[1024];
    private int[] _tree = new int[1 << 16];
    private int _now;

    /// <summary>Accesses so far.</summary>
    public long Accesses { get; private set; }

    /// <summary>Pages so far; each was a miss in any memory.</summary>
    public int Distinct => _lastUse.Count;

    /// <summary>Takes accesses in.</summary>
    public void Take(ReadOnlySpan<PageAccess> accesses)
    {
        foreach (ref readonly var access in accesses)
        {
            Take(access.Page.Value);
        }
    }

    /// <summary>Misses with memory of so many pages.</summary>
    public long Misses(long pages)
    {
        var hits = 0L;
        for (var distance = 0; distance < Math.Min(pages, _hits.Length); distance++)
        {
            hits += _hits[distance];
        }

        return Accesses - hits;
    }

    /// <summary>The curve at these sizes, ascending.</summary>
    public MissRatioCurve Curve(string policy, IEnumerable<long> sizes)
    {
        Invariant.Check(Accesses > 0);
        return new MissRatioCurve(policy, [.. sizes.Select(pages => (pages, (double)Misses(pages) / Accesses))], 1);
    }

    private void Take(ulong page)
    {
        Accesses++;
        if (_now == _tree.Length - 1)
        {
            Renumber();
        }

        var now = ++_now;
        if (_lastUse.TryGetValue(page, out var last))
        {
            // Every page has one mark, at its last use: those behind this one's are the pages used since.
            var distance = Distinct - Sum(last);
            if (distance >= _hits.Length)
            {
                Array.Resize(ref _hits, Math.Max(distance + 1, _hits.Length * 2));
            }

            _hits[distance]++;
            Mark(last, -1);
        }

        _lastUse[page] = now;
        Mark(now, 1);
    }

    private void Renumber()
    {
        var order = _lastUse.OrderBy(u => u.Value).Select(u => u.Key).ToArray();
        _tree = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(_tree.Length, 2 * (order.Length + 1)))];
        _now = 0;
        foreach (var page in order)
        {
            _lastUse[page] = ++_now;
            Mark(_now, 1);
        }
    }

    private void Mark(int at, int change)
    {
        for (; at < _tree.Length; at += at & -at)
        {
            _tree[at] += change;
        }
    }

    private int Sum(int at)
    {
        var sum = 0;
        for (; at > 0; at &= at - 1)
        {
            sum += _tree[at];
        }

        return sum;
    }
}
