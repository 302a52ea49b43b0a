using System.Runtime.CompilerServices;

namespace Reflink.Units;

/// <summary>
/// The machine's count of changes. A page-table entry carries the count at which it was made and is good while nothing it
/// came through was stamped later.
/// </summary>
internal sealed class ChangeCounter
{
    private Rule _broken;

    /// <summary>The present count.</summary>
    public Tick Now { get; private set; } = new(1);

    /// <summary>Rules that the exerciser leaves out on purpose; none in a machine that is to be right.</summary>
    internal Rule Broken
    {
        get => _broken;
        set => _broken = value;
    }

    /// <summary>Counts one change and writes it where the change happened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Stamp(ref Tick place, Rule rule)
    {
        if ((_broken & rule) == 0)
        {
            place = Next();
        }
    }

    /// <summary>Counts one change and writes it where the change happened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Stamp(ref TickWord place, Rule rule)
    {
        if ((_broken & rule) == 0)
        {
            place.Tick = Next();
        }
    }

    /// <summary>Whether a rule that is no stamp is to be followed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Follows(Rule rule) => (_broken & rule) == 0;

    private Tick Next()
    {
        Invariant.Check(Now.Value + 1 < 1L << Tick.Bits);
        return Now = new Tick(Now.Value + 1);
    }
}
