using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Samples;

/// <summary>
/// A replacement policy of one's own: what was used last leaves first, which is best for a loop that is larger than memory. The command takes
/// it, too: <c>reflink replay TRACE --memory 64MiB --policy lru,./Reflink.Samples.dll:MruPolicy</c>.
/// </summary>
public sealed class MruPolicy : IReplacementPolicy
{
    private readonly LinkedList<FrameNumber> _byUse = new();
    private readonly Dictionary<FrameNumber, LinkedListNode<FrameNumber>> _places = [];

    /// <inheritdoc/>
    public string Name => "mru";

    /// <inheritdoc/>
    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _places[folio.First] = _byUse.AddLast(folio.First);
        return Admission.New;
    }

    /// <inheritdoc/>
    public void Touched(FrameNumber frame, AccessKind access, GroupId group)
    {
        var place = _places[frame];
        _byUse.Remove(place);
        _byUse.AddLast(place);
    }

    /// <inheritdoc/>
    public void Removed(FrameNumber frame)
    {
        _byUse.Remove(_places[frame]);
        _places.Remove(frame);
    }

    /// <inheritdoc/>
    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _byUse.Last is { Value: var frame })
        {
            Removed(frame);
            chosen[count++] = frame;
        }

        return count;
    }
}
