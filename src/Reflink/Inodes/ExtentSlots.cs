using System.Runtime.CompilerServices;

namespace Reflink.Inodes;

/// <summary>The extents of a leaf, within the leaf.</summary>
[InlineArray(Node.MaxFanOut)]
internal struct ExtentSlots
{
    private Extent _first;
}

/// <summary>The first pages of an inner node's children, within the node.</summary>
[InlineArray(Node.MaxFanOut)]
internal struct KeySlots
{
    private PageIndex _first;
}

/// <summary>The children of an inner node, within the node.</summary>
[InlineArray(Node.MaxFanOut)]
internal struct ChildSlots
{
    private Node? _first;
}
