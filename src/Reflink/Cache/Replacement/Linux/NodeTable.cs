using System.Runtime.CompilerServices;

namespace Reflink.Cache.Replacement.Linux;

/// <summary>The tree nodes by their pages, and the list of those that hold nothing but shadow entries (shadow_nodes, mm/workingset.c).</summary>
internal sealed class NodeTable
{
    // Node 0 is the end of the list.
    private TreeNode[] _nodes = new TreeNode[16];
    private int[] _heads = new int[16];
    private int _used = 1;
    private int _free;

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them hold shadow entries only.</summary>
    public int ShadowOnly { get; private set; }

    /// <summary>A node by number.</summary>
    public ref TreeNode this[int node]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _nodes[node];
    }

    /// <summary>Finds the node of a page; 0: there is none.</summary>
    public int Find(ulong page)
    {
        var key = page >> PageKeys.NodeShift;
        var node = _heads[Bucket(key)];
        while (node != 0 && _nodes[node].Key != key)
        {
            node = _nodes[node].Next;
        }

        return node;
    }

    /// <summary>Finds the node of a page or makes it.</summary>
    public int FindOrAdd(ulong page)
    {
        if (Find(page) is var found and not 0)
        {
            return found;
        }

        if (Count == _heads.Length)
        {
            Grow();
        }

        var node = Take();
        _nodes[node] = new TreeNode { Key = page >> PageKeys.NodeShift };
        Link(node);
        Count++;
        return node;
    }

    /// <summary>The contents of a node changed: it is listed iff it has shadow entries only, and freed when it is empty (workingset_update_node).</summary>
    public void Update(int node)
    {
        ref var state = ref _nodes[node];
        var shadowOnly = state.Pages == 0 && state.Shadows != 0;
        if (shadowOnly != (state.Newer != 0 || state.Older != 0 || _nodes[0].Newer == node))
        {
            if (shadowOnly)
            {
                Enlist(node);
            }
            else
            {
                Delist(node);
            }
        }

        if ((state.Pages | state.Shadows) == 0)
        {
            Free(node);
        }
    }

    /// <summary>The node that has held only shadow entries for the longest time.</summary>
    public int OldestShadowOnly => _nodes[0].Newer;

    private void Enlist(int node)
    {
        ref var end = ref _nodes[0];
        (_nodes[node].Older, _nodes[node].Newer) = (end.Older, 0);
        _nodes[end.Older].Newer = node;
        end.Older = node;
        ShadowOnly++;
    }

    private void Delist(int node)
    {
        ref var state = ref _nodes[node];
        _nodes[state.Older].Newer = state.Newer;
        _nodes[state.Newer].Older = state.Older;
        (state.Newer, state.Older) = (0, 0);
        ShadowOnly--;
    }

    private void Free(int node)
    {
        ref var head = ref _heads[Bucket(_nodes[node].Key)];
        while (head != node)
        {
            head = ref _nodes[head].Next;
        }

        head = _nodes[node].Next;
        (_nodes[node].Next, _free) = (_free, node);
        Count--;
    }

    private int Take()
    {
        if (_free != 0)
        {
            var node = _free;
            _free = _nodes[node].Next;
            return node;
        }

        if (_used == _nodes.Length)
        {
            Array.Resize(ref _nodes, _used + (_used / 2));
        }

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
                var next = _nodes[node].Next;
                Link(node);
                node = next;
            }
        }
    }

    private void Link(int node)
    {
        ref var head = ref _heads[Bucket(_nodes[node].Key)];
        _nodes[node].Next = head;
        head = node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(ulong key) => (int)Math.BigMul(unchecked((key ^ (key >> 32)) * 0x9E3779B97F4A7C15UL), (ulong)_heads.Length, out _);
}
