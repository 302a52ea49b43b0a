using System.Runtime.CompilerServices;

namespace Reflink.Cache.Policies.Linux;

/// <summary>How many pages of each list one round of reclaim looks at (get_scan_count and shrink_lruvec, mm/vmscan.c).</summary>
internal struct ScanBudget
{
    private Numbers _left;
    private Numbers _targets;

    /// <summary>Pages of a list that are still to be looked at.</summary>
    public readonly long this[int list] => _left[list];

    /// <summary>Whether nothing is left that could evict a page: what is on the active anonymous list alone does not count.</summary>
    public readonly bool IsSpent =>
        _left[LruLists.Inactive(FolioKind.Anonymous)] == 0 && _left[LruLists.Inactive(FolioKind.File)] == 0 && _left[LruLists.Active(FolioKind.File)] == 0;

    /// <summary>Sets what is to be looked at.</summary>
    public void Set(int list, long pages) => _left[list] = _targets[list] = pages;

    /// <summary>Takes a part, a number of pages at the most.</summary>
    public long Take(int list, long most)
    {
        var part = Math.Min(_left[list], most);
        _left[list] -= part;
        return part;
    }

    /// <summary>
    /// Enough was evicted: the kind with less left is done, and the other is looked at until both had the same part of their targets.
    /// </summary>
    /// <returns>False: one kind is done, so that is all.</returns>
    public bool Rebalance()
    {
        var (file, anonymous) = (Left(FolioKind.File), Left(FolioKind.Anonymous));
        if (file == 0 || anonymous == 0)
        {
            return false;
        }

        var (less, more) = file > anonymous ? (FolioKind.Anonymous, FolioKind.File) : (FolioKind.File, FolioKind.Anonymous);
        var target = _targets[LruLists.Inactive(less)] + _targets[LruLists.Active(less)] + 1;
        var percentage = Left(less) * 100 / target;
        _left[LruLists.Inactive(less)] = _left[LruLists.Active(less)] = 0;
        Reduce(LruLists.Inactive(more), percentage);
        Reduce(LruLists.Active(more), percentage);
        return true;
    }

    private readonly long Left(FolioKind kind) => _left[LruLists.Inactive(kind)] + _left[LruLists.Active(kind)];

    private void Reduce(int list, long percentage)
    {
        var scanned = _targets[list] - _left[list];
        _left[list] = Math.Max(0, (_targets[list] * (100 - percentage) / 100) - scanned);
    }

    [InlineArray(LruLists.Count)]
    private struct Numbers
    {
        private long _first;
    }
}
