using System.Runtime.CompilerServices;

namespace Reflink.Vm;

/// <summary>
/// A page-table entry, 8 bytes: a frame, the tick at which it was made, and whether it may be stored through. It is a cache of
/// what a walk from mapping to inode to block to frame found, never the truth: it is checked on every access.
/// </summary>
/// <remarks>Bits 0..24 frame, 25 writable, 26..63 tick (2^38 changes). 0 is no entry: ticks begin at 1.</remarks>
internal readonly record struct Entry(ulong Bits)
{
    private const int WritableBit = 25;
    private const int TickShift = 64 - Tick.Bits;

    public bool IsEmpty => Bits == 0;

    public FrameNumber Frame
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((int)(Bits & ((1u << WritableBit) - 1)));
    }

    public bool IsWritable => (Bits & (1u << WritableBit)) != 0;

    public Tick Tick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new((long)(Bits >> TickShift));
    }

    public static Entry Of(FrameNumber frame, Tick tick, bool writable) =>
        new(((ulong)tick.Value << TickShift) | (writable ? 1ul << WritableBit : 0) | (uint)frame.Value);
}
