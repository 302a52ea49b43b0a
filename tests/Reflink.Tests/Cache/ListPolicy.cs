using Reflink.Cache.Policies;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>A policy over a plain list, the oldest first: what the real ones are compared with.</summary>
/// <param name="touch">What use does to the list, which holds the frame.</param>
/// <param name="hasSecondChance">Whether the oldest goes to the end instead of leaving; asked each time it is looked at.</param>
internal sealed class ListPolicy(Action<List<int>, int> touch, Func<int, bool> hasSecondChance) : IReplacementPolicy
{
    private readonly List<int> _frames = [];

    public string Name => "list";

    public Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group)
    {
        _frames.Add(folio.First.Value);
        return Admission.New;
    }

    public void Touched(FrameNumber frame, AccessKind access, GroupId group) => touch(_frames, frame.Value);

    public void Removed(FrameNumber frame)
    {
        _frames.Remove(frame.Value);
        _ = hasSecondChance(frame.Value);
    }

    public int Reclaim(int target, GroupId group, Span<FrameNumber> chosen)
    {
        var count = 0;
        while (count < target && _frames.Count > 0)
        {
            var frame = _frames[0];
            _frames.RemoveAt(0);
            if (hasSecondChance(frame))
            {
                _frames.Add(frame);
            }
            else
            {
                chosen[count++] = new FrameNumber(frame);
            }
        }

        return count;
    }
}
