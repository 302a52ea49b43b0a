namespace Reflink.Space;

/// <summary>Live blocks that lie side by side and have equally many owners, as fsck and snapshots see them.</summary>
internal readonly record struct BlockRun(BlockNumber First, long Count, long Owners, bool IsMerged)
{
    /// <summary>The first block behind the run.</summary>
    public BlockNumber End => First + Count;

    /// <inheritdoc/>
    public override string ToString() => $"{First}+{Count} owners {Owners}{(IsMerged ? " merged" : "")}";
}
