namespace Reflink.Inodes;

/// <content>Cutting a range out of a tree.</content>
internal sealed partial class TreeEditor
{
    private static readonly PageIndex s_forever = new(long.MaxValue);

    /// <summary>Pieces that were cut out and are still owned, in order.</summary>
    private readonly List<Extent> _removed = [];

    /// <summary>What remains behind the range of an extent that went through all of it: it takes the place of a new extent.</summary>
    private Extent? _tail;

    /// <summary>
    /// Cuts all that is mapped in a range out of the tree. Cut pieces are set aside, to be released by <see cref="Settle"/>, that
    /// is, after the caller has mapped what is to be there now; subtrees within the range go to the reaper.
    /// </summary>
    /// <remarks>Where nothing is mapped the tree stays as it is, and as shared as it is.</remarks>
    internal void Cut(ref Node? root, PageRange range)
    {
        if (!TreeCursor.TryFind(root, range.Start, out var next) || next.Start >= range.End)
        {
            return;
        }

        CutBelow(Own(ref root!), range, next.Start, s_forever);
        if (root.Count == 0)
        {
            root = null;
        }

        if (_tail is { } tail)
        {
            _tail = null;
            Insert(ref root, tail);
        }

        Flatten(ref root);
    }

    /// <summary>Releases what was cut out, now that what replaces it is mapped.</summary>
    internal void Settle()
    {
        foreach (var extent in _removed)
        {
            _space.Release(extent.Block, extent.Length);
        }

        _removed.Clear();
    }

    /// <summary>
    /// Cuts below an owned node whose pages all lie before <paramref name="end"/>; it may be left empty. The first extent to be
    /// cut begins at <paramref name="first"/>, so no child is owned in vain.
    /// </summary>
    private void CutBelow(Node node, PageRange range, PageIndex first, PageIndex end)
    {
        if (node is LeafNode leaf)
        {
            CutLeaf(leaf, range);
            return;
        }

        var inner = (InnerNode)node;
        var at = inner.ChildFor(first);
        while (at < inner.Count && inner.Keys[at] < range.End)
        {
            var childEnd = at + 1 < inner.Count ? inner.Keys[at + 1] : end;
            if (inner.Keys[at] >= range.Start && childEnd <= range.End)
            {
                var child = inner.Children[at]!;
                inner.RemoveAt(at);
                DropWhole(child);
                continue;
            }

            CutChild(inner, at, range, first, childEnd);
            if (inner.Children[at]!.Count == 0)
            {
                inner.RemoveAt(at);
            }
            else
            {
                at++;
            }
        }
    }

    private void CutChild(InnerNode inner, int at, PageRange range, PageIndex first, PageIndex end)
    {
        var child = OwnChild(inner, at);
        var before = child.Sums;
        CutBelow(child, range, first, end);
        inner.ChildChanged(at, before);
    }

    private void CutLeaf(LeafNode leaf, PageRange range)
    {
        var from = leaf.FirstEndingBehind(range.Start);
        var to = from;
        while (to < leaf.Count && leaf.Slots[to].Start < range.End)
        {
            _removed.Add(leaf.Slots[to++].Clip(range.Start, range.End));
        }

        if (from == to)
        {
            return;
        }

        var first = leaf.Slots[from];
        var last = leaf.Slots[to - 1];
        var keepsRight = last.End > range.End;
        if (first.Start < range.Start)
        {
            if (keepsRight && to - from == 1)
            {
                _tail = last.Clip(range.End, s_forever);
                keepsRight = false;
            }

            leaf.Set(from++, first.Clip(first.Start, range.Start));
        }

        if (keepsRight)
        {
            leaf.Set(--to, last.Clip(range.End, s_forever));
        }

        leaf.RemoveAt(from, to - from);
    }

    /// <summary>
    /// Drops a subtree that lies within the range as a whole, without copying it first. A leaf's pieces are set aside like any
    /// others, so that a write frees at once what it replaces; what is larger waits for the reaper.
    /// </summary>
    private void DropWhole(Node node)
    {
        if (node is LeafNode { References: 1 } leaf)
        {
            foreach (var extent in leaf.Slots[..leaf.Count])
            {
                _removed.Add(extent);
            }
        }
        else
        {
            reaper.Drop(node);
        }
    }

    /// <summary>Takes away roots that have a single child; the node below an owned one may still be shared.</summary>
    private static void Flatten(ref Node? root)
    {
        while (root is InnerNode { Count: 1 } top)
        {
            root = top.Children[0]!;
            if (top.References > 1)
            {
                top.References--;
                root.References++;
            }
        }
    }
}
