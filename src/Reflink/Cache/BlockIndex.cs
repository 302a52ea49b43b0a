using System.Runtime.CompilerServices;
using Reflink.Units;

namespace Reflink.Cache;

/// <summary>
/// Finds the frame of a block: a hash table of frame numbers whose chains run through the frames themselves, so that it costs
/// four to eight bytes a resident page and grows with what is resident, not with the volume.
/// </summary>
internal sealed class BlockIndex(FrameTable frames)
{
    private int[] _heads = new int[64];
    private int _shift = 64 - 6;

    /// <summary>How many frames are in the index.</summary>
    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(BlockNumber block, out FrameNumber frame)
    {
        for (var link = _heads[Bucket(block)]; link != 0; link = frames[new FrameNumber(link - 1)].Next)
        {
            frame = new FrameNumber(link - 1);
            if (frames[frame].Block == block)
            {
                return true;
            }
        }

        frame = default;
        return false;
    }

    public void Add(FrameNumber frame)
    {
        if (Count == _heads.Length)
        {
            Grow();
        }

        Link(frame);
        Count++;
    }

    public void Remove(FrameNumber frame)
    {
        ref var link = ref _heads[Bucket(frames[frame].Block)];
        while (link != frame.Value + 1)
        {
            Invariant.Check(link != 0);
            link = ref frames[new FrameNumber(link - 1)].Next;
        }

        link = frames[frame].Next;
        frames[frame].Next = 0;
        Count--;
    }

    private void Link(FrameNumber frame)
    {
        ref var head = ref _heads[Bucket(frames[frame].Block)];
        frames[frame].Next = head;
        head = frame.Value + 1;
    }

    private void Grow()
    {
        var old = _heads;
        _heads = new int[old.Length * 2];
        _shift--;
        foreach (var head in old)
        {
            for (var link = head; link != 0;)
            {
                var frame = new FrameNumber(link - 1);
                link = frames[frame].Next;
                Link(frame);
            }
        }
    }

    // Fibonacci hashing: consecutive serials, the common case, spread evenly over the high bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(BlockNumber block) => unchecked((int)(((ulong)block.Value * 0x9E3779B97F4A7C15UL) >> _shift));
}
