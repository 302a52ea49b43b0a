namespace Reflink.Inodes;

/// <content>Moving all extents behind a page.</content>
internal sealed partial class TreeEditor
{
    /// <summary>Moves the extents that begin at <paramref name="from"/> or behind it by a number of pages. Their order must not change.</summary>
    internal void Shift(ref Node? root, PageIndex from, long pages)
    {
        if (root is not null && root.End > from)
        {
            ShiftBelow(Own(ref root!), from, pages);
        }
    }

    private void ShiftBelow(Node node, PageIndex from, long pages)
    {
        if (node is LeafNode leaf)
        {
            for (var i = leaf.FirstEndingBehind(from); i < leaf.Count; i++)
            {
                var extent = leaf.Slots[i];
                leaf.Slots[i] = extent with { Start = extent.Start + pages };
            }

            return;
        }

        var inner = (InnerNode)node;
        for (var i = inner.ChildFor(from); i < inner.Count; i++)
        {
            if (inner.Children[i]!.End > from)
            {
                var child = OwnChild(inner, i);
                ShiftBelow(child, from, pages);
                inner.Keys[i] = child.First;
            }
        }
    }
}
