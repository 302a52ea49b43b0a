namespace Reflink.Inodes;

/// <summary>
/// Nodes that were freed, kept for the next that are needed: cloning, writing to the clone and dropping it again allocates nothing.
/// </summary>
internal sealed class NodePool
{
    /// <summary>As many of a sort are kept, less than 1 MiB in all; what is freed beyond that is the garbage collector's.</summary>
    private const int MaxPooled = 512;

    private readonly Stack<LeafNode> _leaves = new();
    private readonly Stack<InnerNode> _inners = new();

    /// <summary>An empty leaf with one reference.</summary>
    public LeafNode TakeLeaf() => _leaves.TryPop(out var leaf) ? leaf : new LeafNode();

    /// <summary>An inner node without children and with one reference.</summary>
    public InnerNode TakeInner() => _inners.TryPop(out var inner) ? inner : new InnerNode();

    /// <summary>Takes a node that nobody holds.</summary>
    public void Return(Node node)
    {
        if (node is LeafNode leaf && _leaves.Count < MaxPooled)
        {
            leaf.Reset();
            _leaves.Push(leaf);
        }
        else if (node is InnerNode inner && _inners.Count < MaxPooled)
        {
            inner.Reset();
            _inners.Push(inner);
        }
    }
}
