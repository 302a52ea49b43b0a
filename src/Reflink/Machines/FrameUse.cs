namespace Reflink.Machines;

/// <summary>What one frame is used for at one moment.</summary>
/// <param name="Frame">The frame.</param>
/// <param name="Block">The block whose bytes it holds.</param>
/// <param name="Label">The page that the frame was first filled for; in a cache keyed by inode, the page of a file that it is found by.</param>
/// <param name="IsDerived">Whether it is there for a derived inode alone: a derived page, or, in a cache keyed by inode, any of its pages.</param>
/// <param name="IsDirty">Whether the bytes are nowhere else.</param>
/// <param name="Mappers">How many page-table entries lead to it.</param>
public readonly record struct FrameUse(FrameNumber Frame, BlockNumber Block, PageLabel Label, bool IsDerived, bool IsDirty, int Mappers)
{
    /// <summary>Whether memory cannot have the frame back for nothing: a process maps it, or its bytes would have to be written.</summary>
    public bool IsHeld => IsDirty || Mappers > 0;

    /// <summary>Whether samepage merging made its block one of several equal ones.</summary>
    public bool IsMerged { get; init; }
}
