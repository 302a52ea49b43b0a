using Reflink.Units;

namespace Reflink.Ksm;

/// <summary>
/// Searches the merged pages as the kernel does, with what happens on the way: pages that are gone are dropped, chains pruned
/// and reordered (stable_tree_search, stable_tree_insert, stable_node_dup, mm/ksm.c).
/// </summary>
internal sealed class StableSearch(MergeServices services, MergeDomain domain)
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private readonly StableSet _set = domain.Stable;

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
        return _set.Add(block, hash, entry);
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
        var now = services.Clock.Now;
        if (now < _set[chain].PrunedAt + (domain.Tunables.StableNodeChainsPruneMilliseconds * NanosecondsPerMillisecond))
        {
            return false;
        }

        _set[chain].PrunedAt = now;
        return true;
    }

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

    private bool AreEqual(BlockNumber block, ReadOnlySpan<byte> bytes)
    {
        var frame = services.Vm.Blocks.Get(block, default, Cache.AccessKind.Read, default);
        return bytes.SequenceEqual(services.Vm.Cache.Frames.Bytes(frame));
    }
}
