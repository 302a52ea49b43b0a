namespace Reflink.Inodes;

/// <content>Mapping an extent over what is there: the verb of every write.</content>
internal sealed partial class TreeEditor
{
    /// <summary>
    /// Puts an extent in place of whatever is mapped in its range. What was there is set aside for <see cref="Settle"/>. The tree
    /// takes over the caller's ownership of the new blocks.
    /// </summary>
    internal void Map(ref Node? root, Extent extent)
    {
        if (TreeCursor.TryFind(root, extent.Start, out var old) && old.Start < extent.End)
        {
            var within = old.Start <= extent.Start && extent.End <= old.End;
            if (within && ReplaceBelow(Own(ref root!), extent))
            {
                return;
            }

            Cut(ref root, extent.Range);
        }

        Insert(ref root, extent);
    }

    /// <summary>
    /// Replaces a part of one extent within its leaf. Cutting it out first would move the leaf's first page to the leaf before, and
    /// copy that one too. False if the leaf has no room for the remainders: then nothing is changed but owned.
    /// </summary>
    private bool ReplaceBelow(Node node, Extent extent)
    {
        if (node is LeafNode leaf)
        {
            return ReplaceInLeaf(leaf, leaf.Floor(extent.Start), extent);
        }

        var inner = (InnerNode)node;
        var at = inner.ChildFor(extent.Start);
        var child = OwnChild(inner, at);
        var before = child.Sums;
        var replaced = ReplaceBelow(child, extent);
        inner.ChildChanged(at, before);
        return replaced;
    }

    private bool ReplaceInLeaf(LeafNode leaf, int at, Extent extent)
    {
        var old = leaf.Slots[at];
        var keepsLeft = old.Start < extent.Start;
        var keepsRight = extent.End < old.End;
        if (leaf.Count + (keepsLeft ? 1 : 0) + (keepsRight ? 1 : 0) > reaper.FanOut)
        {
            return false;
        }

        _removed.Add(old.Clip(extent.Start, extent.End));
        leaf.Set(at, extent);
        if (keepsRight)
        {
            leaf.InsertAt(at + 1, old.Clip(extent.End, old.End));
        }

        if (keepsLeft)
        {
            leaf.InsertAt(at++, old.Clip(old.Start, extent.Start));
        }

        JoinWithNext(leaf, at);
        JoinWithNext(leaf, at - 1);
        return true;
    }

    /// <summary>Makes two extents of a leaf one if the second continues the first.</summary>
    private static void JoinWithNext(LeafNode leaf, int at)
    {
        if (at < 0 || at + 1 >= leaf.Count || !leaf.Slots[at].Continues(leaf.Slots[at + 1]))
        {
            return;
        }

        var joined = leaf.Slots[at];
        joined = joined with { Length = joined.Length + leaf.Slots[at + 1].Length };
        leaf.RemoveAt(at + 1, 1);
        leaf.Set(at, joined);
    }
}
