using System.Runtime.CompilerServices;
using Reflink.Cache.Policies;

namespace Reflink.Cache;

/// <summary>
/// Which replacement policy has which frame in its lists. Each kind of block has one, and several kinds may share it; a kind
/// without a policy never leaves memory, so no policy needs to know its frames (Linux's unevictable list).
/// </summary>
internal sealed class ReplacementLists(FrameTable frames)
{
    private readonly IReplacementPolicy?[] _ofKind = new IReplacementPolicy?[4];
    private readonly List<IReplacementPolicy> _inOrder = [];

    /// <summary>Has a policy choose among frames of a kind of block. The policies are asked in the order in which they came.</summary>
    public void Serve(BlockKind kind, IReplacementPolicy policy)
    {
        _ofKind[(int)kind] = policy;
        if (!_inOrder.Contains(policy))
        {
            _inOrder.Add(policy);
        }
    }

    /// <summary>A frame was filled, or could not leave and comes in again.</summary>
    public void Insert(FrameNumber number, AccessKind access)
    {
        ref var frame = ref frames[number];
        if (_ofKind[(int)frame.Block.Kind] is { } policy)
        {
            frame.Flags |= FrameFlags.Listed;
            _ = policy.Inserted(new Folio(number), frames.Label(number), access, frame.Group);
        }
    }

    /// <summary>A frame was used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(FrameNumber number, in PageUse use)
    {
        ref readonly var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            _ofKind[(int)frame.Block.Kind]!.Touched(number, use.Access, use.Group);
        }
    }

    /// <summary>A frame is freed.</summary>
    public void Remove(FrameNumber number)
    {
        ref var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            frame.Flags &= ~FrameFlags.Listed;
            _ofKind[(int)frame.Block.Kind]!.Removed(number);
        }
    }

    /// <summary>A listed frame is to hold another block, which may be of another kind: it changes lists if the kinds have different policies.</summary>
    public void Relabel(FrameNumber number, BlockNumber block)
    {
        ref var frame = ref frames[number];
        var moves = (frame.Flags & FrameFlags.Listed) != 0 && _ofKind[(int)frame.Block.Kind] != _ofKind[(int)block.Kind];
        if (moves)
        {
            Remove(number);
        }

        frame.Block = block;
        if (moves)
        {
            Insert(number, AccessKind.Write);
        }
    }

    /// <summary>Chooses the frames that are to leave next; they are in no list from now on.</summary>
    public int Choose(FrameNumber[] chosen)
    {
        foreach (var policy in _inOrder)
        {
            var count = policy.Reclaim(chosen.Length, default, chosen);
            foreach (var number in chosen.AsSpan(0, count))
            {
                frames[number].Flags &= ~FrameFlags.Listed;
            }

            if (count > 0)
            {
                return count;
            }
        }

        return 0;
    }
}
