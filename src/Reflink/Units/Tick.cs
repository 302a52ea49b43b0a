using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>A value of the machine's count of changes (<see cref="ChangeCounter"/>): when something was last changed, or an entry made.</summary>
internal readonly record struct Tick(long Value) : IComparable<Tick>
{
    /// <summary>As many bits hold every tick: 2^38 changes are more than a machine lives to see, and its counter stops there.</summary>
    public const int Bits = 38;

    /// <summary>Before every change.</summary>
    public static readonly Tick Never;

    /// <summary>Whether this came before the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(Tick a, Tick b) => a.Value < b.Value;

    /// <summary>Whether this came after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(Tick a, Tick b) => a.Value > b.Value;

    /// <summary>Whether this came before the other or with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <=(Tick a, Tick b) => a.Value <= b.Value;

    /// <summary>Whether this came after the other or with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >=(Tick a, Tick b) => a.Value >= b.Value;

    /// <inheritdoc/>
    public int CompareTo(Tick other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
