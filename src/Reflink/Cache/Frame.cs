using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Cache;

/// <summary>
/// What the machine knows of one page of physical memory, 32 bytes, two to a cache line: all that a hit by block or a check of
/// a page-table entry reads. The page's label stands apart (<see cref="FrameTable.Label"/>).
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct Frame
{
    /// <summary>
    /// The block whose bytes the frame holds; block 0 when the frame is free. Invariant: the block is alive, and the index finds the
    /// frame by it, or by its label and it.
    /// </summary>
    public BlockNumber Block;

    /// <summary>
    /// When the block was last evicted, freed, or left by an owner: older entries are dead. Invariant: whatever takes the block out of
    /// the frame or an owner from the block stamps it. Beside it, <see cref="Flags"/>.
    /// </summary>
    public TickWord Changed;

    /// <summary>
    /// When the block last gained an owner: older entries may not be stored through. Invariant: raising the owners of one block
    /// stamps it (raising those of many stamps their inode). Beside it, <see cref="Next"/>.
    /// </summary>
    public TickWord Shared;

    /// <summary>When the frame was filled: a dead entry made since then, if it still leads here, leads to the same page. Beside it, <see cref="Group"/>.</summary>
    public TickWord Loaded;

    /// <summary>The next frame in the same index bucket or, of free frames, the one freed before; plus one, 0 ends the chain.</summary>
    internal int Next
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => Shared.Low26;
        set => Shared.Low26 = value;
    }

    /// <summary>State bits.</summary>
    public FrameFlags Flags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => (FrameFlags)Changed.Low26;
        set => Changed.Low26 = (int)value;
    }

    /// <summary>The group that is charged for the frame.</summary>
    public GroupId Group
    {
        readonly get => new(Loaded.Low26);
        set => Loaded.Low26 = value.Value;
    }
}
