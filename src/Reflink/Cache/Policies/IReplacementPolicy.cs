using Reflink.Cache.Policies;

namespace Reflink;

/// <summary>
/// Chooses what leaves memory. A policy sees frames with the label, access kind and group of their use, never bytes; who runs it
/// owns the loop: a machine's page cache, or a simulation without bytes (<see cref="Cache.Simulation.CacheSimulation"/>).
/// </summary>
/// <remarks>
/// A policy may be a class or a struct. For a struct the simulation is compiled anew, calls and all, which makes short policies
/// about twice as fast.
/// </remarks>
public interface IReplacementPolicy
{
    /// <summary>The name by which options and reports know the policy.</summary>
    string Name { get; }

    /// <summary>
    /// A folio was filled, or was chosen and could not leave (then it comes in again). The frames behind its first are not named
    /// in any other call.
    /// </summary>
    /// <returns>What the policy knew of the page.</returns>
    Admission Inserted(Folio folio, in PageLabel label, AccessKind access, GroupId group);

    /// <summary>A folio was used; it is named by its first frame.</summary>
    void Touched(FrameNumber frame, AccessKind access, GroupId group);

    /// <summary>A folio was freed without having been chosen.</summary>
    void Removed(FrameNumber frame);

    /// <summary>
    /// Chooses up to <paramref name="target"/> folios of a group (0: of any) into <paramref name="chosen"/>, in the order in
    /// which they are to leave, and forgets them. A policy that reclaims in batches of its own may choose more, as many as there is room for.
    /// </summary>
    /// <returns>How many were chosen.</returns>
    int Reclaim(int target, GroupId group, Span<FrameNumber> chosen);
}
