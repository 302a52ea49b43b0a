using System.Numerics;
using System.Runtime.InteropServices;

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
    private readonly Dictionary<int, Tree> _trees = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>A leaf is made.</summary>
    /// <param name="inode">Whose tree it is in.</param>
    /// <param name="leaf">Its number: that of its first page, divided by 64.</param>
    public void Add(int inode, ulong leaf)
    {
        if (!_trees.TryGetValue(inode, out var tree))
        {
            _trees.Add(inode, tree = new Tree());
        }

        var before = tree.Nodes;
        tree.Add(leaf);
        Count += tree.Nodes - before;
    }

    /// <summary>A leaf is freed.</summary>
    /// <inheritdoc cref="Add"/>
    public void Remove(int inode, ulong leaf)
    {
        var tree = _trees[inode];
        var before = tree.Nodes;
        tree.Remove(leaf);
        Count += tree.Nodes - before;
        if (tree.IsEmpty)
        {
            _trees.Remove(inode);
        }
    }

    /// <summary>How many nodes a leaf would need above it besides those that are there.</summary>
    /// <inheritdoc cref="Add"/>
    public int Missing(int inode, ulong leaf) => _trees.TryGetValue(inode, out var tree) ? tree.Missing(leaf) : LevelsFor(leaf);

    // How many levels above the leaves a tree has whose last leaf is this one.
    private static int LevelsFor(ulong leaf) => (64 - BitOperations.LeadingZeroCount(leaf) + PageKeys.NodeShift - 1) / PageKeys.NodeShift;

    private sealed class Tree
    {
        // For each level above the leaves, from the lowest: its nodes, and how many children each has. The topmost has one node, 0.
        private readonly List<Dictionary<ulong, int>> _levels = [];
        private int _leaves;
        private bool _hasFirst;

        public int Nodes { get; private set; }

        public bool IsEmpty => _leaves == 0;

        public void Add(ulong leaf)
        {
            for (var needed = LevelsFor(leaf); _levels.Count < needed;)
            {
                // What was the root is the first child of a new one.
                _levels.Add(IsEmpty ? [] : new() { [0] = 1 });
                Nodes += IsEmpty ? 0 : 1;
            }

            _leaves++;
            _hasFirst |= leaf == 0;
            foreach (var level in _levels)
            {
                leaf >>= PageKeys.NodeShift;
                ref var children = ref CollectionsMarshal.GetValueRefOrAddDefault(level, leaf, out _);
                if (++children > 1)
                {
                    break;
                }

                Nodes++;
            }
        }

        public void Remove(ulong leaf)
        {
            _leaves--;
            _hasFirst &= leaf != 0;
            foreach (var level in _levels)
            {
                leaf >>= PageKeys.NodeShift;
                if (--CollectionsMarshal.GetValueRefOrNullRef(level, leaf) > 0)
                {
                    break;
                }

                level.Remove(leaf);
                Nodes--;
            }

            // A root that has its first child alone is freed, and the child becomes the root.
            for (var top = _levels.Count - 1; top >= 0 && (IsEmpty || HasFirstAlone(top - 1)); top--)
            {
                Nodes -= _levels[top].Count;
                _levels.RemoveAt(top);
            }
        }

        public int Missing(ulong leaf)
        {
            var higher = Math.Max(0, LevelsFor(leaf) - _levels.Count);
            var missing = higher;
            for (var level = 0; level < _levels.Count + higher; level++)
            {
                leaf >>= PageKeys.NodeShift;
                if (level < _levels.Count ? _levels[level].ContainsKey(leaf) : leaf == 0)
                {
                    break;
                }

                missing++;
            }

            return missing;
        }

        private bool HasFirstAlone(int level) =>
            level < 0 ? _leaves == 1 && _hasFirst : _levels[level].Count == 1 && _levels[level].ContainsKey(0);
    }
}
