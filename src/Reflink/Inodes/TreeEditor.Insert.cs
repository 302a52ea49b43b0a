using Reflink.Units;

namespace Reflink.Inodes;

/// <content>Inserting an extent where nothing is mapped.</content>
internal sealed partial class TreeEditor
{
    /// <summary>Inserts an extent whose pages are a hole. The tree takes over the caller's ownership of its blocks.</summary>
    internal void Insert(ref Node? root, Extent extent)
    {
        if (root is null)
        {
            var leaf = reaper.Nodes.TakeLeaf();
            leaf.InsertAt(0, extent);
            root = leaf;
            return;
        }

        var right = InsertBelow(Own(ref root), extent);
        if (right is not null)
        {
            var top = reaper.Nodes.TakeInner();
            top.InsertAt(0, root);
            top.InsertAt(1, right);
            root = top;
        }
    }

    /// <summary>Inserts below an owned node; returns the node split off to its right, if it was full.</summary>
    private Node? InsertBelow(Node node, Extent extent)
    {
        if (node is LeafNode leaf)
        {
            return InsertIntoLeaf(leaf, extent);
        }

        var inner = (InnerNode)node;
        var at = inner.ChildFor(extent.Start);
        var child = OwnChild(inner, at);
        var before = child.Sums;
        var right = InsertBelow(child, extent);
        inner.ChildChanged(at, before);
        return right is null ? null : AddChild(inner, at + 1, right);
    }

    private LeafNode? InsertIntoLeaf(LeafNode leaf, Extent extent)
    {
        var at = leaf.Floor(extent.Start) + 1;
        Invariant.Check(at == 0 || leaf.Slots[at - 1].End <= extent.Start);
        Invariant.Check(at == leaf.Count || extent.End <= leaf.Slots[at].Start);
        if (at > 0 && leaf.Slots[at - 1].Continues(extent))
        {
            var left = leaf.Slots[at - 1];
            leaf.Set(at - 1, left with { Length = left.Length + extent.Length });
            JoinWithNext(leaf, at - 1);
            return null;
        }

        if (at < leaf.Count && extent.Continues(leaf.Slots[at]))
        {
            leaf.Set(at, extent with { Length = extent.Length + leaf.Slots[at].Length });
            return null;
        }

        return AddExtent(leaf, at, extent);
    }

    private LeafNode? AddExtent(LeafNode leaf, int at, Extent extent)
    {
        if (leaf.Count < reaper.FanOut)
        {
            leaf.InsertAt(at, extent);
            return null;
        }

        var keep = SplitPoint(leaf, at);
        var right = leaf.SplitAt(keep, reaper.Nodes);
        if (at > keep || right.Count == 0)
        {
            right.InsertAt(at - keep, extent);
        }
        else
        {
            leaf.InsertAt(at, extent);
        }

        return right;
    }

    private InnerNode? AddChild(InnerNode inner, int at, Node child)
    {
        if (inner.Count < reaper.FanOut)
        {
            inner.InsertAt(at, child);
            return null;
        }

        var keep = SplitPoint(inner, at);
        var right = inner.SplitAt(keep, reaper.Nodes);
        if (at > keep || right.Count == 0)
        {
            right.InsertAt(at - keep, child);
        }
        else
        {
            inner.InsertAt(at, child);
        }

        return right;
    }

    /// <summary>A full node is halved, except when appended to: a file written from front to back has full nodes.</summary>
    private static int SplitPoint(Node node, int at) => at == node.Count ? node.Count : node.Count / 2;
}
