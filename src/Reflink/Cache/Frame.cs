using System.Runtime.InteropServices;
using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// What the machine knows of one page of physical memory, 64 bytes: one cache line holds all that a hit or a check of a
/// page-table entry reads.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Frame
{
    /// <summary>The block whose bytes the frame holds; block 0 when the frame is free.</summary>
    public BlockNumber Block;

    /// <summary>When the block was last evicted, freed, or left by an owner: older entries are dead.</summary>
    public Tick Changed;

    /// <summary>When the block last gained an owner: older entries may not be stored through.</summary>
    public Tick Shared;

    /// <summary>When the frame was filled: a dead entry made since then, if it still leads here, leads to the same page.</summary>
    public Tick Loaded;

    /// <summary>Whom the frame was first filled for; with <see cref="CacheKeying.Inode"/>, for files, the only page that it serves.</summary>
    public PageLabel Label;

    /// <summary>The next frame in the same index bucket, plus one; 0 ends the chain.</summary>
    internal int Next;

    /// <summary>State bits.</summary>
    public FrameFlags Flags;

    /// <summary>The group that is charged for the frame.</summary>
    public GroupId Group;
}
