using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>A tick and a number of 26 bits in 8 bytes: ticks never need more than <see cref="Tick.Bits"/>, so the rest is not wasted.</summary>
/// <remarks>Bits 0..25 the number, 26..63 the tick: two words with numbers of 0 compare as their ticks do.</remarks>
internal struct TickWord
{
    /// <summary>The largest number.</summary>
    public const int Largest = (1 << Shift) - 1;

    private const int Shift = 64 - Tick.Bits;
    private ulong _bits;

    /// <summary>The tick.</summary>
    public Tick Tick
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => new((long)(_bits >> Shift));
        set => _bits = (_bits & Largest) | ((ulong)value.Value << Shift);
    }

    /// <summary>The number beside it, up to <see cref="Largest"/>.</summary>
    public int Low26
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => (int)(_bits & Largest);
        set => _bits = (_bits & ~(ulong)Largest) | (uint)value;
    }
}
