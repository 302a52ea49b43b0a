using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>
/// The list of tree nodes that lost their last owner. Dropping a tree only puts its root here; the nodes are freed a step at a
/// time, and only then do their extents' blocks lose an owner. Maps that share nodes share their reaper.
/// </summary>
internal sealed class NodeReaper
{
    private readonly Stack<Node> _waiting = new();

    /// <summary>A reaper for the trees over a space.</summary>
    public NodeReaper(BlockSpace space)
        : this(space, Node.MaxFanOut)
    {
    }

    /// <summary>A reaper for trees of that fan-out: small ones make deep trees of few extents, for tests.</summary>
    internal NodeReaper(BlockSpace space, int fanOut)
    {
        Invariant.Check(fanOut is >= 2 and <= Node.MaxFanOut);
        Space = space;
        FanOut = fanOut;
        Editor = new TreeEditor(this);
    }

    /// <summary>Whether nothing waits.</summary>
    public bool IsIdle => _waiting.Count == 0;

    /// <summary>Nodes that wait; those below them are not counted before their turn comes.</summary>
    public int Pending => _waiting.Count;

    /// <summary>The space whose blocks the trees own.</summary>
    internal BlockSpace Space { get; }

    /// <summary>Extents of a leaf and children of an inner node, at most.</summary>
    internal int FanOut { get; }

    /// <summary>The one editor of all maps: it has scratch space, and there is one thread.</summary>
    internal TreeEditor Editor { get; }

    /// <summary>Where new nodes come from and freed ones go.</summary>
    internal NodePool Nodes { get; } = new();

    /// <summary>The nodes that wait, for fsck.</summary>
    internal IEnumerable<Node> Waiting => _waiting;

    /// <summary>Frees at most that many nodes.</summary>
    public void Step(int nodes = 1024)
    {
        for (var i = 0; i < nodes && _waiting.TryPop(out var node); i++)
        {
            if (node is LeafNode leaf)
            {
                foreach (var extent in leaf.Slots[..leaf.Count])
                {
                    Space.Release(extent.Block, extent.Length);
                }
            }
            else
            {
                DropChildren((InnerNode)node);
            }

            Nodes.Return(node);
        }
    }

    /// <summary>Frees all that waits.</summary>
    public void Drain()
    {
        while (!IsIdle)
        {
            Step();
        }
    }

    /// <summary>Takes one reference from a node; without any it waits here.</summary>
    internal void Drop(Node node)
    {
        if (--node.References == 0)
        {
            _waiting.Push(node);
        }
    }

    /// <summary>From right to left, so that the leftmost is on top of the stack and blocks die in the order of the file.</summary>
    private void DropChildren(InnerNode node)
    {
        for (var i = node.Count - 1; i >= 0; i--)
        {
            Drop(node.Children[i]!);
        }
    }
}
