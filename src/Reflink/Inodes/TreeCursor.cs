using System.Runtime.CompilerServices;

namespace Reflink.Inodes;

/// <summary>Looking up extents in a tree, from the root each time: the trees are low.</summary>
internal static class TreeCursor
{
    /// <summary>The extent around a page, or else the first behind it.</summary>
    internal static bool TryFind(Node? root, PageIndex page, out Extent extent)
    {
        var leaf = Find(root, page, out var at);
        extent = leaf is null ? default : leaf.Slots[at];
        return leaf is not null;
    }

    /// <summary>The leaf and slot of the extent around a page, or else of the first behind it; null if all lie before.</summary>
    internal static LeafNode? Find(Node? root, PageIndex page, out int at)
    {
        at = 0;
        Node? behind = null;
        var node = root;
        while (node is InnerNode inner)
        {
            var child = inner.ChildFor(page);
            if (child + 1 < inner.Count)
            {
                behind = inner.Children[child + 1];
            }

            node = inner.Children[child];
        }

        if (node is null)
        {
            return null;
        }

        var leaf = Unsafe.As<LeafNode>(node);
        at = leaf.FirstEndingBehind(page);
        if (at < leaf.Count)
        {
            return leaf;
        }

        at = 0;
        return behind is null ? null : Leftmost(behind);
    }

    /// <summary>The extent around a page; how hot this is shows in every read.</summary>
    internal static bool TryFindAround(Node? root, PageIndex page, out Extent extent)
    {
        var node = root;
        while (node is InnerNode inner)
        {
            node = inner.Children[inner.ChildFor(page)];
        }

        if (node is LeafNode leaf)
        {
            var at = leaf.Floor(page);
            if (at >= 0)
            {
                extent = leaf.Slots[at];
                return page < extent.End;
            }
        }

        extent = default;
        return false;
    }

    private static LeafNode Leftmost(Node node)
    {
        while (node is InnerNode inner)
        {
            node = inner.Children[0]!;
        }

        return (LeafNode)node;
    }
}
