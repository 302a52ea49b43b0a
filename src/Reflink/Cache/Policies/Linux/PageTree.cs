namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// Which pages are in memory and which left a shadow entry behind, in nodes of 64 as in the trees of Linux's inodes (lib/xarray.c,
/// mm/filemap.c): what the nodes take is charged, nodes with nothing but shadow entries are shrunk.
/// </summary>
internal sealed class PageTree
{
    // The slot of a node, which holds the slab's own pointer beside the node of 576 bytes since nodes have a constructor, and the pointer
    // to whom it is charged (obj_full_size, mm/memcontrol.c; calculate_sizes, mm/slub.c).
    private const int NodeBytes = 584 + 8;

    private readonly NodeTable _nodes = new();
    private readonly ShadowAges _ages = new();
    private readonly long _longest;

    // Nodes cost nothing to make again.
    private readonly ShrinkerScan _scan = new(seeks: 0);
    private readonly Func<long, long> _drop;

    /// <summary>Makes an empty tree.</summary>
    /// <param name="longest">No refault distance above this counts.</param>
    public PageTree(long longest) => (_longest, _drop) = (longest, DropOldest);

    /// <summary>Nodes that hold shadow entries only (workingset_nodes).</summary>
    public int ShadowNodes => _nodes.ShadowOnly;

    /// <summary>Nodes that were looked at to be dropped (slabs_scanned).</summary>
    public long Scanned => _scan.Scanned;

    /// <summary>Nodes whose shadow entries were dropped for their memory (workingset_nodereclaim).</summary>
    public long Reclaimed { get; private set; }

    /// <summary>Pages of memory that the nodes take: the leaves, and those above them.</summary>
    public long ChargedPages => PagesOf(_nodes.All);

    /// <summary>How many pages more the nodes take when a page comes in that is not in memory.</summary>
    public long ChargeFor(ulong key) => PagesOf(_nodes.All + _nodes.Missing(key)) - ChargedPages;

    /// <summary>A folio comes in (__filemap_add_folio).</summary>
    /// <param name="key">Its first page.</param>
    /// <param name="order">It has 2^order pages.</param>
    /// <param name="shadow">The last shadow entry in its place; <see langword="default"/> if it is no longer of use.</param>
    /// <returns>Whether there was one.</returns>
    public bool Add(ulong key, int order, out Shadow? shadow)
    {
        var node = _nodes.FindOrAdd(key);
        _nodes.Open(node);
        ref var state = ref _nodes[node];
        var mask = Mask(key, order);
        var found = state.Shadows & mask;
        shadow = null;
        if (found != 0)
        {
            SplitShadow(node, key, order);
            for (var left = found; left != 0; left &= left - 1)
            {
                var page = (key & ~63ul) + (ulong)System.Numerics.BitOperations.TrailingZeroCount(left);
                shadow = _ages.Take(page, out var taken) ? taken : null;
            }
        }

        state.Shadows &= ~mask;
        state.Pages |= mask;
        _nodes.SetSiblings(node, (_nodes.Siblings(node) & ~mask) | Tails(key, order));
        _nodes.Update(node);
        return found != 0;
    }

    /// <summary>A folio leaves, its shadow entry stays.</summary>
    public void Evict(ulong key, int order, Shadow shadow, long age)
    {
        var node = _nodes.FindOrAdd(key);
        ref var state = ref _nodes[node];
        var mask = Mask(key, order);
        state.Pages &= ~mask;
        state.Shadows |= mask;
        for (var n = 0ul; n < 1ul << order; n++)
        {
            _ages.Add(key + n, shadow, age, _longest);
        }

        _nodes.Update(node);
    }

    /// <summary>A folio leaves and nothing stays (truncation).</summary>
    public void Remove(ulong key, int order)
    {
        // On a machine two frames may have been filled for one page of a file, before and after it got another block: the first that leaves took it out.
        if (_nodes.Find(key) is not (var node and not 0))
        {
            return;
        }

        ref var state = ref _nodes[node];
        var mask = Mask(key, order);
        state.Pages &= ~mask;
        _nodes.SetSiblings(node, _nodes.Siblings(node) & ~mask);
        _nodes.Update(node);
    }

    /// <summary>
    /// Drops nodes with shadow entries only, if there are more than one for eight pages (count_shadow_nodes, do_shrink_slab).
    /// </summary>
    /// <param name="pages">Pages of the group: those on its lists, and those of its slabs.</param>
    /// <param name="priority">The present priority of reclaim.</param>
    public void Shrink(long pages, int priority) =>
        _scan.Run(_nodes.ShadowOnly - (pages >> (PageKeys.NodeShift - 3)), priority, _drop);

    /// <summary>What is in the slot of a page.</summary>
    public PageSlot Slot(ulong key)
    {
        var node = _nodes.Find(key);
        if (node == 0)
        {
            return PageSlot.Empty;
        }

        var bit = 1ul << (int)(key & 63);
        ref readonly var state = ref _nodes[node];
        return ((state.Pages | state.Shadows) & bit) == 0 ? PageSlot.Empty
            : (_nodes.Siblings(node) & bit) != 0 ? PageSlot.Sibling
            : (state.Pages & bit) != 0 ? PageSlot.Page
            : PageSlot.Shadow;
    }

    private static long PagesOf(long nodes) => ((nodes * NodeBytes) + Reflink.Page.Size - 1) >> Reflink.Page.Shift;

    private long DropOldest(long count)
    {
        var dropped = 0L;
        for (; dropped < count && _nodes.ShadowOnly > 0; dropped++)
        {
            DropOldest();
        }

        return dropped;
    }

    private void DropOldest()
    {
        var node = _nodes.OldestShadowOnly;
        ref var state = ref _nodes[node];
        for (var left = state.Shadows; left != 0; left &= left - 1)
        {
            _ages.Take((state.Key << PageKeys.NodeShift) + (ulong)System.Numerics.BitOperations.TrailingZeroCount(left), out _);
        }

        _nodes.Open(node);
        _nodes[node].Shadows = 0;
        _nodes.Update(node);
        Reclaimed++;
    }

    // A shadow entry of a larger folio becomes entries of the size of the one that comes in (xas_try_split).
    private void SplitShadow(int node, ulong key, int order)
    {
        var siblings = _nodes.Siblings(node);
        if (siblings == 0)
        {
            return;
        }

        var from = (int)(key & 63);
        while ((siblings >> from & 1) != 0)
        {
            from--;
        }

        for (var at = from + 1; at < 64 && (siblings >> at & 1) != 0; at++)
        {
            siblings = (at & ((1 << order) - 1)) == 0 ? siblings & ~(1ul << at) : siblings;
        }

        _nodes.SetSiblings(node, siblings);
    }

    private static ulong Mask(ulong key, int order) => (order == 6 ? ulong.MaxValue : (1ul << (1 << order)) - 1) << (int)(key & 63);

    private static ulong Tails(ulong key, int order) => Mask(key, order) & ~(1ul << (int)(key & 63));
}
