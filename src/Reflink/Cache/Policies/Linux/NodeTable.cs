using System.Runtime.CompilerServices;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache.Policies.Linux;

/// <summary>The tree nodes by their pages, and the list of those that hold nothing but shadow entries (shadow_nodes, mm/workingset.c).</summary>
internal sealed class NodeTable
{
    // Node 0 is the end of the list.
    private readonly FrameStates<TreeNode> _nodes = new();

    // Which slots of a node only point to another; until there is a large folio, none do.
    private FrameStates<ulong>? _siblings;
    private readonly UpperNodes _above = new();
    private int[] _heads = new int[16];
    private int _used = 1;
    private int _free;

    /// <summary>How many leaves there are: nodes that have pages or shadow entries.</summary>
    public int Count { get; private set; }

    /// <summary>How many nodes there are, with those above the leaves.</summary>
    public int All => Count + _above.Count;

    /// <summary>How many of them hold shadow entries only.</summary>
    public int ShadowOnly { get; private set; }

    /// <summary>A node by number.</summary>
    public ref TreeNode this[int node]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _nodes.At(node);
    }

    /// <summary>Makes a table with no node.</summary>
    public NodeTable()
    {
        _nodes.Reach(0);
        _nodes.At(0).Listed = true;
    }

    /// <summary>Which slots of a node only point to that of the folio, or shadow entry, that begins before them (xa_is_sibling).</summary>
    public ulong Siblings(int node) => _siblings?.At(node) ?? 0;

    /// <summary>Sets them.</summary>
    public void SetSiblings(int node, ulong slots)
    {
        if (_siblings is null && slots != 0)
        {
            _siblings = new FrameStates<ulong>();
            _siblings.Reach(_used);
        }

        if (_siblings is { } siblings)
        {
            siblings.At(node) = slots;
        }
    }

    /// <summary>Finds the node of a page; 0: there is none.</summary>
    public int Find(ulong page)
    {
        var key = page >> PageKeys.NodeShift;
        var node = _heads[Bucket(key)];
        while (node != 0 && this[node].Key != key)
        {
            node = this[node].Next;
        }

        return node;
    }

    /// <summary>How many nodes a page needs besides those that are there.</summary>
    public int Missing(ulong page) => Find(page) != 0 ? 0 : 1 + _above.Missing(PageKeys.Inode(page), PageKeys.Leaf(page));

    /// <summary>Finds the node of a page or makes it.</summary>
    public int FindOrAdd(ulong page)
    {
        if (Find(page) is var found and not 0)
        {
            return found;
        }

        if (Count == _heads.Length * 2)
        {
            Grow();
        }

        var node = Take();
        this[node] = new TreeNode { Key = page >> PageKeys.NodeShift };
        SetSiblings(node, 0);
        Link(node);
        Count++;
        _above.Add(PageKeys.Inode(page), PageKeys.Leaf(page));
        return node;
    }

    /// <summary>Something is about to come into a node, or to leave it: it is off the list.</summary>
    public void Open(int node)
    {
        if (this[node].Listed)
        {
            Delist(node);
        }
    }

    /// <summary>The contents of a node changed: it is listed iff it has shadow entries only, and freed when it is empty (workingset_update_node).</summary>
    public void Update(int node)
    {
        ref var state = ref this[node];
        if (state.Pages == 0 && state.Shadows != 0 && !state.Listed)
        {
            Enlist(node);
        }

        if ((state.Pages | state.Shadows) == 0)
        {
            Free(node);
        }
    }

    /// <summary>The node that has held only shadow entries for the longest time.</summary>
    public int OldestShadowOnly => this[0].Newer;

    private void Enlist(int node)
    {
        ref var end = ref this[0];
        this[node].Listed = true;
        (this[node].Older, this[node].Newer) = (end.Older, 0);
        this[end.Older].Newer = node;
        end.Older = node;
        ShadowOnly++;
    }

    private void Delist(int node)
    {
        ref var state = ref this[node];
        this[state.Older].Newer = state.Newer;
        this[state.Newer].Older = state.Older;
        state.Listed = false;
        ShadowOnly--;
    }

    private void Free(int node)
    {
        ref var head = ref _heads[Bucket(this[node].Key)];
        if (head == node)
        {
            head = this[node].Next;
        }
        else
        {
            var before = head;
            while (this[before].Next != node)
            {
                before = this[before].Next;
            }

            this[before].Next = this[node].Next;
        }

        (this[node].Next, _free) = (_free, node);
        Count--;
        var page = this[node].Key << PageKeys.NodeShift;
        _above.Remove(PageKeys.Inode(page), PageKeys.Leaf(page));
    }

    private int Take()
    {
        if (_free != 0)
        {
            var node = _free;
            _free = this[node].Next;
            return node;
        }

        _nodes.Reach(_used);
        _siblings?.Reach(_used);
        return _used++;
    }

    private void Grow()
    {
        var old = _heads;
        _heads = new int[old.Length * 2];
        foreach (var head in old)
        {
            for (var node = head; node != 0;)
            {
                var next = this[node].Next;
                Link(node);
                node = next;
            }
        }
    }

    private void Link(int node)
    {
        ref var head = ref _heads[Bucket(this[node].Key)];
        this[node].Next = head;
        head = node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(ulong key) => (int)Math.BigMul(Hashing.Mix(key), (ulong)_heads.Length, out _);
}
