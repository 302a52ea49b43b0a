namespace Reflink.Space;

/// <summary>
/// Blocks that lie side by side and have the same owners and the same mark. Two touching runs of one state are one run.
/// </summary>
internal struct Run(long first, long count, long state)
{
    /// <summary>The state of blocks with a single owner and no mark.</summary>
    internal const long OneOwner = 2;

    /// <summary>What one owner adds to <see cref="State"/>.</summary>
    internal const long OwnerStep = 2;

    /// <summary>The bit of <see cref="State"/> that says "merged".</summary>
    internal const long MergedBit = 1;

    /// <summary>The value of the first block's number.</summary>
    internal long First = first;

    /// <summary>How many blocks, at least one.</summary>
    internal long Count = count;

    /// <summary>Owners (at least one) times two, plus the merged bit: one comparison tells whether two runs may join.</summary>
    internal long State = state;

    internal readonly long End => First + Count;

    internal readonly long Owners => State >> 1;

    internal readonly bool IsMerged => (State & MergedBit) != 0;
}
