using System.Numerics;
using Reflink.Space;

namespace Reflink.Ksm.Sets;

/// <summary>
/// The merged pages of a domain, by content and by block: hash tables through the nodes in place of the kernel's tree. What a
/// walk down that tree does on its way (it drops freed pages and prunes chains) is left to <see cref="StableSearch"/>.
/// </summary>
internal sealed class StableSet
{
    private readonly BlockSpace _space;
    private readonly IClock _clock;
    private readonly bool _isScanned;
    private readonly RecordPool<StableNode> _nodes = new();

    // Nodes and chains by content.
    private readonly RecordIndex _byHash;
    private int[] _byBlock = new int[64];

    // The entries in the order in which they were added, while the tree is not kept: the tree is made from them.
    private readonly List<int> _arrivals = [];
    private int _pages;

    public StableSet(BlockSpace space, IClock clock, bool isScanned)
    {
        (_space, _clock, _isScanned) = (space, clock, isScanned);
        _byHash = new RecordIndex(entry => _nodes[entry].Hash);
    }

    /// <summary>The entries in the kernel's order; kept only while that order shows in counters.</summary>
    public ContentTree Tree { get; } = new();

    /// <summary>Nodes whose page was freed and that no search has met since.</summary>
    public long Stale { get; set; }

    /// <summary>Retired nodes: no longer in the set, but their records stay while items name them.</summary>
    public int Retired { get; private set; }

    /// <summary>Whether a search may have something to drop or to prune on its way, so that the kernel's order shows in counters.</summary>
    public bool OrderShows => Stale > 0 || Chains > 0;

    /// <summary>How many pages may be mapped to one merged page.</summary>
    public Func<long> MaxPageSharing { get; set; } = () => long.MaxValue;

    /// <summary>
    /// Chains that a passing search changes although none of their pages was freed: the first page has no room, or is the only one.
    /// If there are none, whether a search passes a chain shows nowhere.
    /// </summary>
    public int ChainsToPrune { get; private set; }

    /// <summary>Contents with a chain.</summary>
    public long Chains { get; private set; }

    /// <summary>Merged pages in chains.</summary>
    public long Dups { get; private set; }

    /// <summary>Nodes of merged pages, those included whose page was freed and that no search has met since.</summary>
    public int Pages => _pages;

    /// <summary>Bytes of nodes and tables.</summary>
    public long Bytes => _nodes.Bytes + _byHash.Bytes + ((_byBlock.Length + _arrivals.Capacity) * sizeof(int)) + Tree.Bytes;

    /// <summary>The node of that number.</summary>
    public ref StableNode this[int node] => ref _nodes[node];

    /// <summary>The node of a merged page; 0: the page is not in this domain.</summary>
    public int FindBlock(BlockNumber block)
    {
        if (_pages == 0)
        {
            return 0;
        }

        var node = _byBlock[BlockBucket(block)];
        while (node != 0 && _nodes[node].Block != block)
        {
            node = _nodes[node].NextByBlock;
        }

        return node;
    }

    /// <summary>The entry of a content: a node or a chain, 0 if there is none.</summary>
    public int FindContent(ulong hash)
    {
        if (_byHash.Count == 0)
        {
            return 0;
        }

        var entry = _byHash.First(hash, out var at);
        while (entry != 0 && _nodes[entry].Hash != hash)
        {
            entry = _byHash.Next(hash, ref at);
        }

        return entry;
    }

    /// <summary>Has the processor prefetch the bucket of a content.</summary>
    public void Prefetch(ulong hash)
    {
        if (_byHash.Count > 0)
        {
            _byHash.Prefetch(hash);
        }
    }

    /// <summary>Whether the node's page is alive, and so still holds the same bytes. A scanned domain is told of freed pages and counts them in <see cref="Stale"/>.</summary>
    public bool IsAlive(int node) => (_isScanned && Stale == 0) || _space.Owners(_nodes[node].Block) > 0;

    /// <summary>Makes the node of a page that was just merged; in the chain of <paramref name="entry"/>, if that has the same content.</summary>
    public int Add(BlockNumber block, ulong hash, ulong prefix, int entry)
    {
        var node = AddPage(block, hash, prefix);
        if (entry == 0)
        {
            AddEntry(node);
            if (!Tree.IsKept)
            {
                _arrivals.Add(node);
            }

            return node;
        }

        if (!_nodes[entry].IsChain)
        {
            entry = MakeChain(entry);
        }

        AddDup(node, entry);
        return node;
    }

    /// <summary>Notes a merged page of another domain that pages of this one are mapped to: found by block, never by content.</summary>
    public int AddInherited(BlockNumber block, ulong hash)
    {
        var node = AddPage(block, hash, 0);
        _nodes[node].Chain = StableNode.InheritedMark;
        return node;
    }

    /// <summary>The entries in the order in which they were added, to be put into the tree; forgets them.</summary>
    public List<int> TakeArrivals()
    {
        var arrivals = _arrivals.ConvertAll(node => _nodes[node].Chain > 0 ? _nodes[node].Chain : node);
        _arrivals.Clear();
        return arrivals;
    }

    /// <summary>Retires a node whose page was freed: takes it out of the set. Its record stays while items name it; an emptied chain stays until a search meets it.</summary>
    public void Remove(int node)
    {
        ref var link = ref _byBlock[BlockBucket(_nodes[node].Block)];
        while (link != node)
        {
            link = ref _nodes[link].NextByBlock;
        }

        link = _nodes[node].NextByBlock;
        _pages--;
        Stale -= IsAlive(node) ? 0 : 1;
        if (_nodes[node].Chain > 0)
        {
            RemoveDup(node);
        }
        else if (!_nodes[node].IsInherited)
        {
            Tree.Erase(node);
            RemoveEntry(node);
        }

        _nodes[node].MarkRetired();
        Retired++;
        FreeIfUnused(node);
        ForgetOrderIfEmpty();
    }

    /// <summary>Frees the record of a retired node if no item names it any more.</summary>
    public void FreeIfUnused(int node)
    {
        if (_nodes[node].Items == 0)
        {
            _nodes.Free(node);
            Retired--;
        }
    }

    /// <summary>Takes an empty chain out of the set.</summary>
    public void RemoveChain(int chain)
    {
        Tree.Erase(chain);
        FreeChain(chain);
        ForgetOrderIfEmpty();
    }

    /// <summary>Makes a chain's only page the entry itself.</summary>
    public int Collapse(int chain)
    {
        var only = _nodes[chain].NextDup;
        RemoveDup(only);
        Tree.Replace(chain, only);
        FreeChain(chain);
        AddEntry(only);
        return only;
    }

    /// <summary>Puts a dup first in its chain.</summary>
    public void MoveToFront(int dup)
    {
        var chain = _nodes[dup].Chain;
        RemoveDup(dup);
        AddDup(dup, chain);
    }

    /// <summary>All entries, in no order that means anything.</summary>
    public List<int> Entries()
    {
        var entries = new List<int>(_byHash.Count);
        entries.AddRange(_byHash.All());
        return entries;
    }

    private void ForgetOrderIfEmpty()
    {
        if (_byHash.Count == 0)
        {
            Tree.Clear();
            _arrivals.Clear();
        }
    }

    private int AddPage(BlockNumber block, ulong hash, ulong prefix)
    {
        var node = _nodes.Take();
        _nodes[node] = StableNode.Of(block, hash, prefix);
        _pages++;
        GrowByBlock();
        LinkBlock(node);
        return node;
    }

    private int MakeChain(int node)
    {
        RemoveEntry(node);
        var chain = _nodes.Take();
        Tree.Replace(node, chain);
        _nodes[chain] = StableNode.ChainOf(_nodes[node].Hash, _clock.Now);
        AddEntry(chain);
        Chains++;
        AddDup(node, chain);
        return chain;
    }

    /// <summary>Looks again whether the chain of a node is one of the <see cref="ChainsToPrune"/>, after mappings of the node were added or removed.</summary>
    public void RecheckChainOf(int node)
    {
        if (_nodes[node].Chain > 0)
        {
            RecheckChain(_nodes[node].Chain);
        }
    }

    /// <summary>The earliest of the times at which the chains were last pruned.</summary>
    public long OldestPruning()
    {
        var oldest = long.MaxValue;
        foreach (var entry in _byHash.All())
        {
            oldest = _nodes[entry].IsChain ? Math.Min(oldest, _nodes[entry].PrunedAt) : oldest;
        }

        return oldest;
    }

    private void RecheckChain(int chain)
    {
        var first = _nodes[chain].NextDup;
        var isSettled = first != 0 && _nodes[first].NextDup != 0 && _nodes[first].Items is > 0 and var items && items < MaxPageSharing();
        ChainsToPrune += (isSettled ? 0 : 1) - (_nodes[chain].IsToPrune ? 1 : 0);
        _nodes[chain].IsToPrune = !isSettled;
    }

    private void FreeChain(int chain)
    {
        Invariant.Check(_nodes[chain].NextDup == 0);
        ChainsToPrune -= _nodes[chain].IsToPrune ? 1 : 0;
        RemoveEntry(chain);
        _nodes.Free(chain);
        Chains--;
    }

    private void AddDup(int node, int chain)
    {
        var second = _nodes[chain].NextDup;
        (_nodes[node].Chain, _nodes[node].NextDup, _nodes[node].PreviousDup) = (chain, second, 0);
        if (second != 0)
        {
            _nodes[second].PreviousDup = node;
        }

        _nodes[chain].NextDup = node;
        Dups++;
        RecheckChain(chain);
    }

    private void RemoveDup(int node)
    {
        ref var record = ref _nodes[node];
        var chain = record.Chain;
        if (record.PreviousDup != 0)
        {
            _nodes[record.PreviousDup].NextDup = record.NextDup;
        }
        else
        {
            _nodes[chain].NextDup = record.NextDup;
        }

        if (record.NextDup != 0)
        {
            _nodes[record.NextDup].PreviousDup = record.PreviousDup;
        }

        (record.Chain, record.NextDup, record.PreviousDup) = (0, 0, 0);
        Dups--;
        RecheckChain(chain);
    }

    private void AddEntry(int entry) => _byHash.Add(_nodes[entry].Hash, entry);

    private void RemoveEntry(int entry) => _byHash.Remove(_nodes[entry].Hash, entry);

    private void LinkBlock(int node)
    {
        ref var head = ref _byBlock[BlockBucket(_nodes[node].Block)];
        (_nodes[node].NextByBlock, head) = (head, node);
    }

    // At most two to a bucket on average.
    private void GrowByBlock()
    {
        if (_pages <= 2 * _byBlock.Length)
        {
            return;
        }

        var old = _byBlock;
        _byBlock = new int[old.Length * 2];
        foreach (var head in old)
        {
            for (var node = head; node != 0;)
            {
                var following = _nodes[node].NextByBlock;
                LinkBlock(node);
                node = following;
            }
        }
    }

    // A scanner looks up neighbouring blocks one after the other.
    private int BlockBucket(BlockNumber block) => Hashing.BucketOfSixteen((ulong)block.Value, 64 - BitOperations.Log2((uint)_byBlock.Length));
}
