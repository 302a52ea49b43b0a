using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reflink.Cache;

/// <summary>
/// In a build for debugging: how often each frame lost its block, so that a frame number that was kept for too long is noticed.
/// In others it is nothing at all.
/// </summary>
internal readonly struct FrameGenerations
{
#if DEBUG
    private readonly int[] _generations;

    /// <summary>Of that many frames, and the one of zeroes.</summary>
    public FrameGenerations(int frames) => _generations = new int[frames + 1];
#endif

    /// <summary>Hands out a number that is good until the frame loses its block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FrameNumber HandOut(FrameNumber frame)
    {
#if DEBUG
        return new FrameNumber(frame.Value, _generations[frame.Value] + 1);
#else
        return frame;
#endif
    }

    /// <summary>The frame loses its block.</summary>
    [Conditional("DEBUG")]
    public void End(FrameNumber frame)
    {
#if DEBUG
        _generations[frame.Value]++;
#endif
    }

    /// <summary>Refuses a number whose frame has lost the block that it was handed out for.</summary>
    [Conditional("DEBUG")]
    public void Check(FrameNumber frame)
    {
#if DEBUG
        if (frame.Generation != 0 && frame.Generation != _generations[frame.Value] + 1)
        {
            throw new InvariantException($"frame {frame} has another block than when its number was handed out; lease it to keep it");
        }
#endif
    }
}
