namespace Reflink.Inodes;

/// <summary>What lies at or below a node, added up.</summary>
/// <param name="Blocks">Mapped pages whose block is not block 0: those that cost space.</param>
/// <param name="Extents">Extents.</param>
/// <param name="Unwritten">Pages of unwritten extents, which are among the blocks.</param>
internal readonly record struct NodeSums(long Blocks, long Extents, long Unwritten)
{
    /// <summary>Adds two.</summary>
    public static NodeSums operator +(NodeSums a, NodeSums b) =>
        new(a.Blocks + b.Blocks, a.Extents + b.Extents, a.Unwritten + b.Unwritten);

    /// <summary>Takes one from another.</summary>
    public static NodeSums operator -(NodeSums a, NodeSums b) =>
        new(a.Blocks - b.Blocks, a.Extents - b.Extents, a.Unwritten - b.Unwritten);

    /// <summary>The sums of one extent.</summary>
    public static NodeSums Of(in Extent extent) => new(extent.RealBlocks, 1, extent.IsUnwritten ? extent.Length : 0);

    /// <inheritdoc/>
    public override string ToString() => $"{Blocks} blocks, {Extents} extents, {Unwritten} unwritten";
}
