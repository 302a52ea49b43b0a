using System.Runtime.CompilerServices;

namespace Reflink.Cache;

/// <summary>
/// Finds the frame that holds a block, or that holds it for one page of an inode: a hash table of frame numbers whose chains
/// run through the frames themselves. It has 2/3 to 4/3 heads a resident page, 2.7 to 5.4 bytes, and grows with what is
/// resident, not with the volume.
/// </summary>
internal sealed class FrameIndex(FrameTable frames)
{
    private int _pageKinds;
    private readonly PlaceHints _hints = new();
    private int[] _heads = new int[64];
    private int _shift = 64 - 6;

    // No frame from here on was ever in the index.
    private int _end;

    /// <summary>How many frames are in the index.</summary>
    public int Count { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(BlockNumber block, in PageLabel label, out FrameNumber frame)
    {
        var key = KeyOf(block, label);
        var guess = _hints.Guess(key);
        frame = new FrameNumber(unchecked((int)guess));
        return guess < (ulong)_end && Holds(frame, block, label) ? !block.IsZero : TryFindInChain(key, block, label, out frame);
    }

    public void Add(FrameNumber frame)
    {
        if (Count == _heads.Length + (_heads.Length / 2))
        {
            Grow();
        }

        Link(frame);
        Count++;
        _end = Math.Max(_end, frame.Value + 1);
    }

    /// <summary>Takes a frame out: it holds no block from now on.</summary>
    public void Remove(FrameNumber frame)
    {
        ref var head = ref _heads[BucketOf(frame)];
        var next = frames[frame].Next;
        if (head == frame.Value + 1)
        {
            head = next;
        }
        else
        {
            frames[Before(frame, head)].Next = next;
        }

        frames[frame].Block = BlockNumber.Zero;
        Count--;
    }

    private FrameNumber Before(FrameNumber frame, int link)
    {
        while (true)
        {
            Invariant.Check(link != 0);
            var before = new FrameNumber(link - 1);
            link = frames[before].Next;
            if (link == frame.Value + 1)
            {
                return before;
            }
        }
    }

    private void Link(FrameNumber frame)
    {
        ref var head = ref _heads[BucketOf(frame)];
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

    /// <summary>From now on the frames of a kind of block are found by the page that they are filled for, so that there may be several.</summary>
    public void FindByPage(BlockKind kind) => _pageKinds |= 1 << (int)kind;

    /// <summary>Whether the frames of such a block are found by page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsByPage(BlockNumber block) => _pageKinds != 0 && ((_pageKinds >> (int)block.Kind) & 1) != 0;

    private bool TryFindInChain(ulong key, BlockNumber block, in PageLabel label, out FrameNumber frame)
    {
        for (var link = _heads[Bucket(key)]; link != 0; link = frames[frame].Next)
        {
            frame = new FrameNumber(link - 1);
            if (Holds(frame, block, label))
            {
                _hints.Learn(key, frame.Value);
                return true;
            }
        }

        frame = default;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(FrameNumber frame, BlockNumber block, in PageLabel label) =>
        frames[frame].Block == block && (!IsByPage(block) || frames.Label(frame) == label);

    // By page the bucket depends on the label alone, so giving a frame another block does not move it.
    private int BucketOf(FrameNumber number) => Bucket(KeyOf(frames[number].Block, frames.Label(number)));

    // PlaceHints, by block or by page, have consecutive keys.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong KeyOf(BlockNumber block, in PageLabel label) => IsByPage(block) ? HashOf(label) : (ulong)block.Value;

    // Fibonacci hashing of groups of sixteen, whose heads share a cache line: neighbours, the common case, are found, added and
    // removed in turn.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(ulong key) => Hashing.BucketOfSixteen(key, _shift);

    private static ulong HashOf(in PageLabel label) =>
        unchecked(((ulong)label.Inode.Value * 0xC2B2AE3D27D4EB4FUL) + (ulong)label.Page.Value);
}
