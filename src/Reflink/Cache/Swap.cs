using Reflink.Units;

namespace Reflink.Cache;

/// <summary>Counts the anonymous pages that left memory for the store. A page costs swap only while it is not in memory.</summary>
internal sealed class Swap(long capacity)
{
    public long Used { get; private set; }

    public long Capacity { get; } = capacity;

    public bool IsFull => Used == Capacity;

    public void Enter()
    {
        Invariant.Check(!IsFull);
        Used++;
    }

    public void Leave()
    {
        Invariant.Check(Used > 0);
        Used--;
    }
}
