using System.Numerics;

namespace Reflink.Cache.Policies.Linux;

/// <summary>
/// How many nodes lie above the leaves of the page trees, a tree an inode: each node above covers 64 of those below it, and a tree is just
/// high enough for its last leaf (xas_expand and xas_shrink, lib/xarray.c). Sparse files have many more of them than dense ones.
/// <code>
///   leaves 0 and 1        root ─► 0, 1                         one above
///   leaves 0 and 70       root ─► 0 ─► 0                       three above: the root, and one for each leaf
///                              └► 1 ─► 70
/// </code>
/// </summary>
internal sealed class UpperNodes
{
    // A tree has at most six levels above the leaves: pages have 40 bits.
    private const int MostLevels = 6;
    private const int PrefixBits = 31;

    private readonly Dictionary<int, Tree> _trees = [];
    private readonly ChildCounts _children = new();

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A leaf is made.</summary>
    /// <param name="inode">Whose tree it is in, below 2^24.</param>
    /// <param name="leaf">Its number: that of its first page, divided by 64.</param>
    public void Add(int inode, ulong leaf)
    {
        if (!_trees.TryGetValue(inode, out var tree))
        {
            _trees.Add(inode, tree = new Tree());
        }

        for (var needed = LevelsFor(leaf); tree.Height < needed; tree.Height++)
        {
            if (tree.Leaves > 0)
            {
                // What was the root is the first child of a new one.
                AddChild(tree, inode, 0, tree.Height);
            }
        }

        tree.Leaves++;
        tree.HasFirst |= leaf == 0;
        for (var level = 0; level < tree.Height && AddChild(tree, inode, leaf >> PageKeys.NodeShift, level) == 1; level++)
        {
            leaf >>= PageKeys.NodeShift;
        }
    }

    /// <summary>A leaf is freed.</summary>
    /// <inheritdoc cref="Add"/>
    public void Remove(int inode, ulong leaf)
    {
        var tree = _trees[inode];
        tree.Leaves--;
        tree.HasFirst &= leaf != 0;
        for (var level = 0; level < tree.Height && RemoveChild(tree, inode, leaf >> PageKeys.NodeShift, level) == 0; level++)
        {
            leaf >>= PageKeys.NodeShift;
        }

        // A root that has its first child alone is freed, and the child becomes the root.
        while (tree.Height > 0 && (tree.Leaves == 0 || HasFirstAlone(tree, inode, tree.Height - 1)))
        {
            tree.Height--;
            if (tree.Leaves > 0)
            {
                RemoveChild(tree, inode, 0, tree.Height);
            }
        }

        if (tree.Leaves == 0)
        {
            _trees.Remove(inode);
        }
    }

    /// <summary>How many nodes a leaf would need above it besides those that are there.</summary>
    /// <inheritdoc cref="Add"/>
    public int Missing(int inode, ulong leaf)
    {
        if (!_trees.TryGetValue(inode, out var tree))
        {
            return LevelsFor(leaf);
        }

        var higher = Math.Max(0, LevelsFor(leaf) - tree.Height);
        var missing = higher;
        for (var level = 0; level < tree.Height + higher; level++)
        {
            leaf >>= PageKeys.NodeShift;
            if (level < tree.Height ? _children.Contains(KeyOf(inode, leaf, level)) : leaf == 0)
            {
                break;
            }

            missing++;
        }

        return missing;
    }

    private int AddChild(Tree tree, int inode, ulong node, int level)
    {
        var children = _children.Increment(KeyOf(inode, node, level));
        if (children == 1)
        {
            tree.Nodes[level]++;
            Count++;
        }

        return children;
    }

    private int RemoveChild(Tree tree, int inode, ulong node, int level)
    {
        var children = _children.Decrement(KeyOf(inode, node, level));
        if (children == 0)
        {
            tree.Nodes[level]--;
            Count--;
        }

        return children;
    }

    // Whether all that lies below a level is its first node, or the first leaf.
    private bool HasFirstAlone(Tree tree, int inode, int level) => level == 0
        ? tree.Leaves == 1 && tree.HasFirst
        : tree.Nodes[level - 1] == 1 && _children.Contains(KeyOf(inode, 0, level - 1));

    // A bit above the number of a node tells its level.
    private static ulong KeyOf(int inode, ulong node, int level) =>
        ((ulong)inode << PrefixBits) | (1ul << (PrefixBits - 1 - (level * PageKeys.NodeShift))) | node;

    // How many levels above the leaves a tree has whose last leaf is this one.
    private static int LevelsFor(ulong leaf) => (64 - BitOperations.LeadingZeroCount(leaf) + PageKeys.NodeShift - 1) / PageKeys.NodeShift;

    private sealed class Tree
    {
        // Of each level above the leaves, from the lowest.
        public int[] Nodes { get; } = new int[MostLevels];

        public int Leaves { get; set; }

        public int Height { get; set; }

        public bool HasFirst { get; set; }
    }
}
