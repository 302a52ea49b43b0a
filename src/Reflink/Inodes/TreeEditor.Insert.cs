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
        var right = leaf.Count < reaper.FanOut ? null : leaf.SplitAt(SplitPoint(leaf, at), reaper.Nodes);
        var (node, place) = right is not null && IsBehind(leaf, at, right) ? (right, at - leaf.Count) : (leaf, at);
        node.InsertAt(place, extent);
        return right;
    }

    private InnerNode? AddChild(InnerNode inner, int at, Node child)
    {
        var right = inner.Count < reaper.FanOut ? null : inner.SplitAt(SplitPoint(inner, at), reaper.Nodes);
        var (node, place) = right is not null && IsBehind(inner, at, right) ? (right, at - inner.Count) : (inner, at);
        node.InsertAt(place, child);
        return right;
    }

    // Whether a place in a node lies in what was just split off it; an empty node must get something.
    private static bool IsBehind(Node node, int at, Node right) => at > node.Count || right.Count == 0;

    /// <summary>A full node is halved, except when appended to: a file written from front to back has full nodes.</summary>
    private static int SplitPoint(Node node, int at) => at == node.Count ? node.Count : node.Count / 2;
}
