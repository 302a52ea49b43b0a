namespace Reflink.Cache.Policies.Lists;

/// <summary>
/// The links that lists of frames run through, 8 bytes a frame number: a frame is in one of the lists that share them, or in none.
/// </summary>
internal sealed class FrameLinks
{
    /// <summary>How many lists can share the links.</summary>
    public const int MaxLists = 8;

    // The lists' own ends come first, then the frames.
    private readonly FrameStates<FrameLink> _links = new();
    private int _lists;

    /// <summary>Makes links for no list yet.</summary>
    public FrameLinks() => _links.Reach(MaxLists - 1);

    internal int AddList()
    {
        Invariant.Check(_lists < MaxLists);
        return _lists++;
    }

    internal FrameStates<FrameLink> States => _links;
}
