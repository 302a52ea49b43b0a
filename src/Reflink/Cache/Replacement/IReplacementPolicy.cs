using Reflink.Units;

namespace Reflink.Cache.Replacement;

/// <summary>
/// Chooses what leaves memory. A policy sees frames with the label, access kind and group of their use, never bytes; the
/// cache owns the loop.
/// </summary>
public interface IReplacementPolicy
{
    /// <summary>The name by which options and reports know the policy.</summary>
    string Name { get; }

    /// <summary>A frame was filled, or was chosen and could not leave (then it comes in again).</summary>
    void Inserted(FrameNumber frame, in PageLabel label, AccessKind access, GroupId group);

    /// <summary>A frame was used.</summary>
    void Touched(FrameNumber frame, AccessKind access, GroupId group);

    /// <summary>A frame was freed without having been chosen.</summary>
    void Removed(FrameNumber frame);

    /// <summary>
    /// Chooses up to <paramref name="target"/> frames of a group (0: of any) into <paramref name="chosen"/>, in the order in
    /// which they are to leave, and forgets them.
    /// </summary>
    /// <returns>How many were chosen.</returns>
    int Reclaim(int target, GroupId group, Span<FrameNumber> chosen);
}
