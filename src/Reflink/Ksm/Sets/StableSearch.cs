using System.Buffers.Binary;
using Reflink.Cache;

namespace Reflink.Ksm.Sets;

/// <summary>
/// Searches the merged pages as the kernel does, with the same side effects: a search drops the pages that it finds freed, and it
/// prunes and reorders chains (stable_tree_search, stable_tree_insert, stable_node_dup, mm/ksm.c).
/// </summary>
internal sealed class StableSearch(PageCache cache, IClock clock, MergeDomain domain)
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // A chain is pruned if it was last pruned at this time or before; no chain was pruned so early.
    private const long Never = long.MinValue;
    private readonly StableSet _set = domain.Stable;

    // No chain was last pruned before _oldest. The walks that a possibly due chain has caused since that was last computed.
    private long _oldest;
    private int _walks;

    private long PruneInterval => domain.Tunables.StableNodeChainsPruneMilliseconds * NanosecondsPerMillisecond;

    /// <summary>The merged page of this content that takes one more mapping; 0: there is none, or all are full. Chains that are due are pruned on the way.</summary>
    public int Find(ulong hash, ReadOnlySpan<byte> bytes)
    {
        // The clock is read once a search: it sums all accounts, which would cost more than pruning a chain.
        var due = _set.Chains > 0 ? clock.Now - PruneInterval : Never;
        KeepOrderIfItShows();
        var node = _set.Tree.IsKept && MustWalk(due) ? Walk(bytes, due, out _) : 0;
        node = node == 0 ? Match(hash, bytes, due) : node;
        return node == 0 ? FindInherited(hash, bytes) : HasRoom(node, 0) ? node : 0;
    }

    /// <summary>Makes the node of a page that was just merged. Chains are not pruned (stable_tree_insert).</summary>
    public int Insert(BlockNumber block, ulong hash, ReadOnlySpan<byte> bytes)
    {
        KeepOrderIfItShows();
        var place = default(TreePlace);
        var walks = _set.Tree.IsKept && MustWalk(Never);
        var node = walks ? Walk(bytes, Never, out place) : 0;
        node = node == 0 ? Match(hash, bytes, Never) : node;
        if (node == 0 && _set.Tree.IsKept && !walks)
        {
            node = Walk(bytes, Never, out place);
        }

        var entry = node == 0 ? 0 : _set[node].Chain > 0 ? _set[node].Chain : node;
        var added = _set.Add(block, hash, PrefixOf(bytes), entry);
        if (entry == 0 && _set.Tree.IsKept)
        {
            _set.Tree.Insert(added, place);
        }

        return added;
    }

    /// <summary>Puts the merged pages into the kernel's order while all of them can still be read: from now on a search may have to take the kernel's way.</summary>
    public void KeepOrder()
    {
        if (_set.Tree.IsKept || !domain.KeepsOrder)
        {
            return;
        }

        _set.Tree.IsKept = true;
        foreach (var entry in _set.TakeArrivals())
        {
            if (TryPeek(entry, out var bytes) && TryPlace(bytes, out var place))
            {
                _set.Tree.Insert(entry, place);
            }
        }
    }

    private void KeepOrderIfItShows()
    {
        if (domain.IsScanned && domain.KeepsOrder && _set.OrderShows)
        {
            KeepOrder();
        }
    }

    // The merged pages of the domains that this one inherits from are looked up and never changed: pruning them is their own domain's work.
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

    // The best merged page of this content by its hash, full or not; 0: there is none.
    private int Match(ulong hash, ReadOnlySpan<byte> bytes, long due)
    {
        while (_set.FindContent(hash) is var entry && entry != 0)
        {
            if (Best(entry, due) is var node && node != 0)
            {
                // Of two contents with one hash the second is never merged.
                return AreEqual(_set[node].Block, bytes) ? node : 0;
            }
        }

        return 0;
    }

    // Whether a search may change something at the entries that it passes on its way.
    private bool MustWalk(long due)
    {
        if (_set.Stale > 0 || _set.ChainsToPrune > 0)
        {
            return true;
        }

        if (_oldest <= due && ++_walks > _set.Chains)
        {
            (_oldest, _walks) = (_set.OldestPruning(), 0);
        }

        return _oldest <= due;
    }

    // The kernel's way: look at every entry that is passed. Where one was freed, drop it and begin anew.
    private int Walk(ReadOnlySpan<byte> bytes, long due, out TreePlace place)
    {
        var prefix = PrefixOf(bytes);
        while (true)
        {
            place = default;
            var at = _set.Tree.Root;
            while (at != 0)
            {
                var node = Best(at, due);
                if (node == 0)
                {
                    break;
                }

                var order = prefix.CompareTo(_set[node].Prefix) is var first && first != 0 ? first : bytes.SequenceCompareTo(BytesOf(_set[node].Block));
                if (order == 0)
                {
                    return node;
                }

                // A chain that was left with one page was replaced by that page.
                place = new(_set[node].Chain > 0 ? _set[node].Chain : node, order > 0);
                at = _set.Tree.Child(place);
            }

            if (at == 0)
            {
                return 0;
            }
        }
    }

    // The same descent without looking at the entries that are passed. False if the content is in the tree, or if a page on the way is not in memory.
    private bool TryPlace(ReadOnlySpan<byte> bytes, out TreePlace place)
    {
        place = default;
        for (var at = _set.Tree.Root; at != 0; at = _set.Tree.Child(place))
        {
            if (!TryPeek(at, out var other) || bytes.SequenceCompareTo(other) is not (var order and not 0))
            {
                return false;
            }

            place = new(at, order > 0);
        }

        return true;
    }

    private bool TryPeek(int entry, out ReadOnlySpan<byte> bytes)
    {
        var node = _set[entry].IsChain ? _set[entry].NextDup : entry;
        var found = cache.TryPeek(_set[node].Block, default, out var frame);
        bytes = found ? cache.Frames.Bytes(frame) : default;
        return found;
    }

    // The page of an entry that takes the next mapping; 0: all of its pages were freed, and the entry is gone.
    private int Best(int entry, long due)
    {
        if (_set[entry].IsChain)
        {
            return BestOf(entry, due);
        }

        if (_set.IsAlive(entry))
        {
            return entry;
        }

        domain.Retire(entry);
        return 0;
    }

    // Pruning looks at every page of the chain and takes the fullest that has room. Without pruning the first page that has room
    // will do. Where no page has room, any is returned.
    private int BestOf(int chain, long due)
    {
        var prunes = _set[chain].PrunedAt <= due;
        if (prunes)
        {
            _set[chain].PrunedAt = due + PruneInterval;
        }

        var found = 0;
        for (int dup = _set[chain].NextDup, next; dup != 0; dup = next)
        {
            next = _set[dup].NextDup;
            if (!_set.IsAlive(dup))
            {
                domain.Retire(dup);
            }
            else if (found == 0 || (HasRoom(dup, 0) && (!HasRoom(found, 0) || _set[dup].Items > _set[found].Items)))
            {
                found = dup;
                if (!prunes && HasRoom(found, 0))
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

    // A page that has lost all of its mappings is about to be freed, so no more are added to it.
    private bool HasRoom(int node, int more) =>
        _set[node].Items is > 0 and var items && items + more < domain.Tunables.MaxPageSharing;

    private static ulong PrefixOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes);

    private bool AreEqual(BlockNumber block, ReadOnlySpan<byte> bytes) => bytes.SequenceEqual(BytesOf(block));

    private ReadOnlySpan<byte> BytesOf(BlockNumber block) => cache.Frames.Bytes(cache.Get(block, new PageUse(default, AccessKind.None, default), out _));
}
