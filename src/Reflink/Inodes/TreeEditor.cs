using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>
/// The operations that change a tree: own, insert, cut, shift. They go down from the root and make every node on their path
/// their own before they change it.
/// </summary>
/// <remarks>
/// <code>
///   a write to page p of a clone B of file A (after xfs_reflink.c): the path is copied, and only the copied leaf's extents
///   gain an owner
///
///     A --+                          A -- root ------------+
///         +-- root --+-- leaf 1               |            +-- leaf 1  (2 references)
///     B --+          +-- leaf 2               +-- leaf 2   |
///                                    B -- root' -----------+
///                                             +-- leaf 2'
///
///     leaf 2 , blocks   |aaaaaaa|bbbbbbbbbbbbbbbbb|ccccc|     one owner: leaf 2
///     copied to leaf 2' |aaaaaaa|bbbbbbbbbbbbbbbbb|ccccc|     two owners: one Share an extent, however long
///     cut p out         |aaaaaaa|bbbbb|   |bbbbbbb|ccccc|     the piece is set aside, still owned
///     map the new block |aaaaaaa|bbbbb| n |bbbbbbb|ccccc|     n is good before b is touched
///     release the piece                |b|                    one owner again: A's
/// </code>
/// </remarks>
internal sealed partial class TreeEditor(NodeReaper reaper)
{
    private readonly BlockSpace _space = reaper.Space;

    /// <summary>Makes the root a node that only this map holds. The map has one.</summary>
    private Node Own(ref Node root)
    {
        if (root.References > 1)
        {
            root = Copy(root);
        }

        return root;
    }

    /// <summary>Makes a child a node that only this parent holds; the parent is owned already.</summary>
    private Node OwnChild(InnerNode parent, int at)
    {
        ref var child = ref parent.Children[at];
        if (child!.References > 1)
        {
            child = Copy(child);
        }

        return child;
    }

    /// <summary>Trades one reference to a shared node for a copy: what the node holds gains an owner, the copy.</summary>
    private Node Copy(Node shared)
    {
        shared.References--;
        if (shared is InnerNode inner)
        {
            foreach (var child in inner.Children[..inner.Count])
            {
                child!.References++;
            }

            return inner.Duplicate(reaper.Nodes);
        }

        var leaf = (LeafNode)shared;
        foreach (var extent in leaf.Slots[..leaf.Count])
        {
            _space.Share(extent.Block, extent.Length);
        }

        return leaf.Duplicate(reaper.Nodes);
    }
}
