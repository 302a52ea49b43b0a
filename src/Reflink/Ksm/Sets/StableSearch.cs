using System.Buffers.Binary;
using Reflink.Units;

namespace Reflink.Ksm.Sets;

/// <summary>
/// Searches the merged pages as the kernel does, with what happens on the way: pages that are gone are dropped, chains pruned
/// and reordered (stable_tree_search, stable_tree_insert, stable_node_dup, mm/ksm.c).
/// </summary>
internal sealed class StableSearch(MergeServices services, MergeDomain domain)
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private readonly StableSet _set = domain.Stable;

    // Where the last walk that found nothing ended.
    private int _lastParent;
    private bool _lastRight;

    // When the search began: adding up the machine's time at every chain would cost more than the chain.
    private long _now;

    // No chain was pruned before that, and how many searches had to pass for the sake of pruning since it was found out.
    private long _oldest;
    private int _passes;

    /// <summary>The merged page of this content that takes one mapping more; 0: there is none, or all are full.</summary>
    public int Find(ulong hash, ReadOnlySpan<byte> bytes)
    {
        var node = FindAny(hash, bytes, prune: true);
        return node != 0 && HasRoom(node, 0) ? node : node == 0 ? FindInherited(hash, bytes) : 0;
    }

    /// <summary>Makes the node of a page that was just merged.</summary>
    public int Insert(BlockNumber block, ulong hash, ReadOnlySpan<byte> bytes)
    {
        var node = FindAny(hash, bytes, prune: false);
        var entry = node == 0 ? 0 : _set[node].Chain > 0 ? _set[node].Chain : node;
        var added = _set.Add(block, hash, PrefixOf(bytes), entry);
        if (entry == 0 && _set.Tree.IsKept)
        {
            // Nothing was dropped since: the way that the search took still ends where the page belongs.
            _set.Tree.Insert(added, _lastParent, _lastRight);
        }

        return added;
    }

    /// <summary>Puts what is known in order, while all pages are still there: from now on a search may have to take the kernel's way.</summary>
    public void KeepOrder()
    {
        if (_set.Tree.IsKept || !domain.KeepsOrder)
        {
            return;
        }

        _set.Tree.IsKept = true;
        foreach (var entry in _set.TakeArrivals())
        {
            if (TryPeek(entry, out var bytes) && !TryDescend(bytes, out _))
            {
                _set.Tree.Insert(entry, _lastParent, _lastRight);
            }
        }
    }

    // Looked up and never changed: what another domain has is its own to prune.
    private int FindInherited(ulong hash, ReadOnlySpan<byte> bytes)
    {
        for (var from = domain.Inherited; from is not null; from = from.Inherited)
        {
            var entry = from.Stable.FindContent(hash);
            var first = entry != 0 && from.Stable[entry].IsChain ? from.Stable[entry].NextDup : entry;
            for (var node = first; node != 0; node = from.Stable[node].NextDup)
            {
                var block = from.Stable[node].Block;
                if (from.Stable.IsAlive(node) && AreEqual(block, bytes))
                {
                    return _set.FindBlock(block) is var known && known != 0 ? known : _set.AddInherited(block, hash);
                }
            }
        }

        return 0;
    }

    // The best merged page of this content, full or not; 0: there is none.
    private int FindAny(ulong hash, ReadOnlySpan<byte> bytes, bool prune)
    {
        _now = prune && _set.Chains > 0 ? services.Clock.Now : 0;
        if (domain.IsScanned && domain.KeepsOrder && _set.MustWalk)
        {
            KeepOrder();
        }

        if (_set.Tree.IsKept && (MustPass(prune) || (!prune && _set.FindContent(hash) == 0)) && Walk(bytes, prune) is var met && met != 0)
        {
            return met;
        }

        while (true)
        {
            var entry = _set.FindContent(hash);
            if (entry == 0)
            {
                return 0;
            }

            var node = Best(entry, prune);
            if (node != 0)
            {
                // Two contents of one hash: the second is never merged.
                return AreEqual(_set[node].Block, bytes) ? node : 0;
            }
        }
    }

    // Whether something may change at the entries that a search passes on its way.
    private bool MustPass(bool prune)
    {
        if (_set.Stale > 0 || _set.Unsettled > 0)
        {
            return true;
        }

        if (prune && _set.Chains > 0 && IsPast(_oldest) && ++_passes > _set.Chains)
        {
            (_oldest, _passes) = (_set.OldestPruning(), 0);
        }

        return prune && _set.Chains > 0 && IsPast(_oldest);
    }

    // The kernel's way: every entry that is passed is looked at, what is gone dropped, and then it begins anew.
    private int Walk(ReadOnlySpan<byte> bytes, bool prune)
    {
        var prefix = PrefixOf(bytes);
        while (true)
        {
            (_lastParent, _lastRight) = (0, false);
            var at = _set.Tree.Root;
            while (at != 0)
            {
                var node = Best(at, prune);
                if (node == 0)
                {
                    break;
                }

                var order = prefix.CompareTo(_set[node].Prefix) is var first && first != 0 ? first : bytes.SequenceCompareTo(BytesOf(_set[node].Block));
                if (order == 0)
                {
                    return node;
                }

                // A chain of one is that one now.
                at = _set[node].Chain > 0 ? _set[node].Chain : node;
                (_lastParent, _lastRight) = (at, order > 0);
                at = _set.Tree.Child(at, _lastRight);
            }

            if (at == 0)
            {
                return 0;
            }
        }
    }

    // The same without a look at what is passed.
    private bool TryDescend(ReadOnlySpan<byte> bytes, out int found)
    {
        (_lastParent, _lastRight) = (0, false);
        for (found = _set.Tree.Root; found != 0; found = _set.Tree.Child(found, _lastRight))
        {
            if (!TryPeek(found, out var other))
            {
                return true;
            }

            var order = bytes.SequenceCompareTo(other);
            if (order == 0)
            {
                return true;
            }

            (_lastParent, _lastRight) = (found, order > 0);
        }

        return false;
    }

    private bool TryPeek(int entry, out ReadOnlySpan<byte> bytes)
    {
        var node = _set[entry].IsChain ? _set[entry].NextDup : entry;
        var found = services.Vm.Cache.TryPeek(_set[node].Block, default, out var frame);
        bytes = found ? services.Vm.Cache.Frames.Bytes(frame) : default;
        return found;
    }

    // 0: all were gone, and with them the entry.
    private int Best(int entry, bool prune)
    {
        if (_set[entry].IsChain)
        {
            return BestOf(entry, prune && IsDue(entry));
        }

        if (_set.IsAlive(entry))
        {
            return entry;
        }

        domain.Bury(entry);
        return 0;
    }

    private bool IsDue(int chain)
    {
        if (!IsPast(_set[chain].PrunedAt))
        {
            return false;
        }

        _set[chain].PrunedAt = _now;
        return true;
    }

    private bool IsPast(long prunedAt) =>
        _now >= prunedAt + (domain.Tunables.StableNodeChainsPruneMilliseconds * NanosecondsPerMillisecond);

    // Pruning goes over all and takes the fullest that has room; otherwise the first that has room will do. Where none has, any.
    private int BestOf(int chain, bool prune)
    {
        var found = 0;
        for (int dup = _set[chain].NextDup, next; dup != 0; dup = next)
        {
            next = _set[dup].NextDup;
            if (!_set.IsAlive(dup))
            {
                domain.Bury(dup);
            }
            else if (found == 0 || (HasRoom(dup, 0) && (!HasRoom(found, 0) || _set[dup].Items > _set[found].Items)))
            {
                found = dup;
                if (!prune && HasRoom(found, 0))
                {
                    break;
                }
            }
        }

        if (found == 0)
        {
            _set.RemoveChain(chain);
        }
        else if (_set[chain].NextDup == found && _set[found].NextDup == 0)
        {
            _set.Collapse(chain);
        }
        else if (_set[chain].NextDup != found && HasRoom(found, 1))
        {
            _set.MoveToFront(found);
        }

        return found;
    }

    // A page whose mappings all went is about to be freed: nobody is to be sent there.
    private bool HasRoom(int node, int more) =>
        _set[node].Items is > 0 and var items && items + more < domain.Tunables.MaxPageSharing;

    private static ulong PrefixOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private bool AreEqual(BlockNumber block, ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(BytesOf(block));

    private ReadOnlySpan<byte> BytesOf(BlockNumber block) =>
        services.Vm.Cache.Frames.Bytes(services.Vm.Cache.Get(block, default, out _));
}
