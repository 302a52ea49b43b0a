using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>
/// The multi-generational LRU for pages that are only read, over plain lists and dictionaries by page: what the real one is compared with. The tail
/// of a list, which leaves first, is its first element.
/// </summary>
internal sealed class MglruModel
{
    private readonly Dictionary<long, List<int>> _generations = new() { [0] = [], [1] = [], [2] = [], [3] = [] };
    private readonly Dictionary<int, int> _uses = [];
    private readonly HashSet<int> _workingset = [];
    private readonly Dictionary<int, (long Generation, int Uses, bool IsWorkingset)> _shadows = [];
    private readonly long[] _refaulted = new long[4];
    private readonly long[] _turned = new long[4];
    private readonly long[] _meanRefaulted = new long[4];
    private readonly long[] _meanTurned = new long[4];

    /// <summary>How often a page was protected because of its tier.</summary>
    public int Protected { get; private set; }

    /// <summary>How many generations began.</summary>
    public int Begun { get; private set; }

    /// <summary>How many pages of the working set came back.</summary>
    public int Restored { get; private set; }

    private long Oldest => _generations.Keys.Min();

    private long Youngest => _generations.Keys.Max();

    public bool Has(int page) => _uses.ContainsKey(page);

    public Admission Insert(int page)
    {
        var admission = Admission.New;
        if (_shadows.Remove(page, out var shadow))
        {
            admission = Admission.Refault;
            if (Youngest - shadow.Generation < 4)
            {
                _refaulted[Tier(Math.Max(shadow.Uses, 1), shadow.IsWorkingset)]++;
                admission = shadow.IsWorkingset && _workingset.Add(page) ? Admission.Activated : Admission.Refault;
                Restored += shadow.IsWorkingset ? 1 : 0;
            }
        }

        _generations[Math.Max(Oldest, Youngest - 3 + (_workingset.Contains(page) ? 1 : 0))].Add(page);
        _uses[page] = 0;
        return admission;
    }

    public void Use(int page)
    {
        _ = _uses[page] == 4 ? (object)_workingset.Add(page) : _uses[page]++;
    }

    public void Remove(int page)
    {
        _uses.Remove(page);
        _workingset.Remove(page);
        Assert.Single(_generations.Values, list => list.Remove(page));
    }

    public List<int> Reclaim(int room)
    {
        var chosen = new List<int>();
        for (var retry = 0; retry < 16 && chosen.Count == 0; retry++)
        {
            for (var priority = 12; priority >= 0 && chosen.Count < room; priority--)
            {
                Shrink(priority, room, chosen);
            }
        }

        return chosen;
    }

    private void Shrink(int priority, int room, List<int> chosen)
    {
        var scanned = 0;
        while (chosen.Count < room)
        {
            if (priority < 12 && _generations.Count <= 3)
            {
                _generations[Youngest + 1] = [];
                Begun++;
                return;
            }

            var scan = _generations.Count < 3 ? 0 : _uses.Count >> priority;
            var part = scan == 0 ? 0 : Evict(scan, room, chosen);
            scanned += part;
            if (part == 0 || scanned >= scan)
            {
                return;
            }
        }
    }

    private int Evict(int scan, int room, List<int> chosen)
    {
        var (scanned, leaving, oldest) = (0, new List<int>(), _generations[Oldest]);
        var highest = HighestToEvict();
        while (scanned < scan && chosen.Count + leaving.Count < room && oldest.Count > 0)
        {
            var page = oldest[0];
            oldest.RemoveAt(0);
            scanned++;
            var tier = Tier(_uses[page], _workingset.Contains(page));
            var isUsedOften = _uses[page] == 4 && _workingset.Contains(page);
            if (tier <= highest && !isUsedOften)
            {
                leaving.Add(page);
                continue;
            }

            _turned[tier] += isUsedOften ? 0 : 1;
            Protected += isUsedOften ? 0 : 1;
            _uses[page] = 0;
            _generations[Oldest + 1].Add(page);
        }

        var progress = leaving.Count > 0 || scanned == scan ? scanned : 0;
        if (oldest.Count == 0)
        {
            EndEmpty();
            progress++;
        }

        leaving.ForEach(Leave);
        chosen.AddRange(leaving);
        return _generations.Count < 3 ? 0 : progress;
    }

    private void EndEmpty()
    {
        while (_generations.Count > 2 && _generations[Oldest].Count == 0)
        {
            _generations.Remove(Oldest);
        }

        for (var tier = 0; tier < 4; tier++)
        {
            _meanRefaulted[tier] = (_meanRefaulted[tier] + _refaulted[tier]) / 2;
            _meanTurned[tier] = (_meanTurned[tier] + _turned[tier]) / 2;
            _refaulted[tier] = _turned[tier] = 0;
        }
    }

    private void Leave(int page)
    {
        _turned[Tier(_uses[page], _workingset.Contains(page))]++;
        _shadows[page] = (Oldest, _uses[page], _workingset.Remove(page));
        _uses.Remove(page);
    }

    private int HighestToEvict()
    {
        var highest = 0;
        while (highest < 3 && MayLeave(highest + 1))
        {
            highest++;
        }

        return highest;
    }

    private bool MayLeave(int tier)
    {
        var (refaulted, total) = (_refaulted[tier] + _meanRefaulted[tier], _turned[tier] + _meanTurned[tier]);
        var (first, firstTotal) = (_refaulted[0] + _meanRefaulted[0], _turned[0] + _meanTurned[0]);
        return refaulted < 64 || refaulted * (firstTotal + 64) * 2 <= (first + 1) * total * 3;
    }

    private static int Tier(int uses, bool isWorkingset) => isWorkingset ? 3 : uses <= 1 ? 0 : uses == 2 ? 1 : 2;
}
