namespace Reflink.Inodes;

/// <summary>
/// A node of the extent tree. Whoever holds it, a map as its root or a parent node, counts as one reference. A node with one
/// reference below nodes with one reference is changed in place; any other is copied first.
/// </summary>
internal abstract class Node
{
    internal const int MaxFanOut = 32;

    /// <summary>Maps and parents that hold this node; 0 once it waits for the reaper.</summary>
    internal int References = 1;

    /// <summary>Entries in use, from the left.</summary>
    internal int Count;

    /// <summary>What lies at or below this node.</summary>
    internal NodeSums Sums;

    /// <summary>The first page of the first extent: the key under which the parent holds this node, exactly.</summary>
    internal abstract PageIndex First { get; }

    /// <summary>Makes the node as a new one is.</summary>
    internal virtual void Reset() => (References, Count, Sums) = (1, 0, default);

    /// <summary>The first page behind the last extent.</summary>
    internal PageIndex End
    {
        get
        {
            var node = this;
            while (node is InnerNode inner)
            {
                node = inner.Children[inner.Count - 1]!;
            }

            var leaf = (LeafNode)node;
            return leaf.Slots[leaf.Count - 1].End;
        }
    }
}
