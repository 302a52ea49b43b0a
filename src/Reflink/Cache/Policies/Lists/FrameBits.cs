using System.Numerics;
using System.Runtime.CompilerServices;

namespace Reflink.Cache.Policies.Lists;

/// <summary>One bit of each frame, such as "used since it was looked at". A bit that is set already is not written again.</summary>
internal sealed class FrameBits
{
    private ulong[] _words = new ulong[8];

    /// <summary>Whether a frame's bit is set.</summary>
    public bool this[FrameNumber frame] => (_words[frame.Value >> 6] & Bit(frame)) != 0;

    /// <summary>Makes room for a frame.</summary>
    public void Reach(FrameNumber frame)
    {
        if (frame.Value >> 6 >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max((frame.Value >> 6) + 1, _words.Length * 2));
        }
    }

    /// <summary>Sets a frame's bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(FrameNumber frame)
    {
        ref var word = ref _words[frame.Value >> 6];
        var bit = Bit(frame);
        if ((word & bit) == 0)
        {
            word |= bit;
        }
    }

    /// <summary>Clears a frame's bit and says whether it was set.</summary>
    public bool Take(FrameNumber frame)
    {
        ref var word = ref _words[frame.Value >> 6];
        var wasSet = (word & Bit(frame)) != 0;
        word &= ~Bit(frame);
        return wasSet;
    }

    /// <summary>Clears the first bit that is set from a word on, and says whose it was.</summary>
    /// <param name="word">Where to look first, 0 for all; where it was found.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False: no further bit is set.</returns>
    public bool TryTakeFrom(ref int word, out FrameNumber frame)
    {
        frame = default;
        while (word < _words.Length && _words[word] == 0)
        {
            word++;
        }

        if (word == _words.Length)
        {
            return false;
        }

        frame = new FrameNumber((word << 6) + BitOperations.TrailingZeroCount(_words[word]));
        _words[word] &= _words[word] - 1;
        return true;
    }

    /// <summary>Finds the first frame whose bit is set.</summary>
    /// <param name="frame">Where to look first; where it was found.</param>
    /// <returns>False: no bit is set from there on.</returns>
    public bool TryFind(ref FrameNumber frame)
    {
        var word = frame.Value >> 6;
        for (var bits = word < _words.Length ? _words[word] & (ulong.MaxValue << (frame.Value & 63)) : 0; ; bits = _words[word])
        {
            if (bits != 0)
            {
                frame = new FrameNumber((word << 6) + BitOperations.TrailingZeroCount(bits));
                return true;
            }

            if (++word >= _words.Length)
            {
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bit(FrameNumber frame) => 1ul << (frame.Value & 63);
}
