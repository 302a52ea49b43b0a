using System.Runtime.InteropServices;

namespace Reflink.Inodes;

/// <summary>Visits every node once, however many share it; checks it by itself and counts its references and owners anew.</summary>
internal sealed class NodeAudit(int fanOut, OwnerCount owners, List<string> findings)
{
    private readonly Dictionary<Node, int> _references = new(ReferenceEqualityComparer.Instance);
    private readonly List<Node> _order = [];
    private readonly Dictionary<Node, int> _heights = new(ReferenceEqualityComparer.Instance);

    /// <summary>Visits a map's tree.</summary>
    internal void Root(Node? root)
    {
        if (root is null)
        {
            return;
        }

        if (root is InnerNode { Count: 1 })
        {
            findings.Add($"{Name(root)}: a root with a single child");
        }

        Visit(root);
    }

    /// <summary>Visits what the reaper holds: nobody refers to it, but what is below it is still held.</summary>
    internal void Waiting(Node node)
    {
        Visit(node);
        _references[node]--;
    }

    /// <summary>Compares the references found with those that the nodes count.</summary>
    internal void CompareReferences()
    {
        foreach (var node in _order)
        {
            if (_references[node] != node.References)
            {
                findings.Add($"{Name(node)}: counts {node.References} references, has {_references[node]}");
            }
        }
    }

    private static string Name(Node node) => $"{(node is LeafNode ? "leaf" : "node")} of {node.Count} from page {(node.Count > 0 ? node.First : default)}";

    private int Visit(Node node)
    {
        ref var references = ref CollectionsMarshal.GetValueRefOrAddDefault(_references, node, out var known);
        references++;
        if (known)
        {
            return _heights[node];
        }

        _order.Add(node);
        if (node.Count < 1 || node.Count > fanOut)
        {
            findings.Add($"{Name(node)}: not between 1 and {fanOut} entries");
        }

        var height = node is LeafNode leaf ? VisitLeaf(leaf) : VisitInner((InnerNode)node);
        _heights[node] = height;
        return height;
    }

    private int VisitLeaf(LeafNode leaf)
    {
        NodeSums sums = default;
        for (var i = 0; i < leaf.Count; i++)
        {
            var extent = leaf.Slots[i];
            owners.Add(extent.Block, extent.Length);
            sums += NodeSums.Of(extent);
            if (extent.Length < 1 || extent.Start.Value < 0)
            {
                findings.Add($"{Name(leaf)}: extent {extent} is none");
            }

            if (i > 0 && leaf.Slots[i - 1].End > extent.Start)
            {
                findings.Add($"{Name(leaf)}: extents {leaf.Slots[i - 1]} and {extent} overlap");
            }

            if (i > 0 && leaf.Slots[i - 1].Continues(extent))
            {
                findings.Add($"{Name(leaf)}: extents {leaf.Slots[i - 1]} and {extent} should be one");
            }
        }

        CompareSums(leaf, sums);
        if (leaf.References > 1 && sums.Unwritten > 0)
        {
            findings.Add($"{Name(leaf)}: {sums.Unwritten} unwritten pages are shared");
        }

        return 0;
    }

    private int VisitInner(InnerNode inner)
    {
        NodeSums sums = default;
        var height = -1;
        for (var i = 0; i < inner.Count; i++)
        {
            var child = inner.Children[i]!;
            var childHeight = Visit(child);
            if (i > 0 && childHeight != height)
            {
                findings.Add($"{Name(inner)}: children of different height");
            }

            height = childHeight;
            sums += child.Sums;
            if (child.Count > 0 && child.First != inner.Keys[i])
            {
                findings.Add($"{Name(inner)}: {Name(child)} stands under page {inner.Keys[i]}");
            }

            if (i > 0 && inner.Children[i - 1] is { Count: > 0 } left && left.End > inner.Keys[i])
            {
                findings.Add($"{Name(inner)}: {Name(left)} overlaps what follows from page {inner.Keys[i]}");
            }
        }

        CompareSums(inner, sums);
        return height + 1;
    }

    private void CompareSums(Node node, NodeSums sums)
    {
        if (sums != node.Sums)
        {
            findings.Add($"{Name(node)}: counts {node.Sums}, has {sums}");
        }
    }
}
