namespace Reflink.Cache.Policies;

/// <summary>
/// A policy that decides by itself when memory is short: one that charges in batches, or takes memory for its own records
/// (Linux's shadow nodes) from the same limit. For any other, memory is short when pages do not fit.
/// </summary>
public interface IChargingPolicy
{
    /// <summary>The smallest memory that it can serve, in pages: some of them are taken before the first page of a file comes in.</summary>
    int Least { get; }

    /// <summary>How many pages are to be reclaimed before so many more come in; asked again after each reclaim until it is 0 or less.</summary>
    /// <param name="incoming">Pages that want to come in.</param>
    /// <param name="first">The first of them: it may need memory for the policy's records, too.</param>
    /// <param name="kind">Whether they are a file's: only those are in a tree.</param>
    /// <param name="resident">Pages in memory.</param>
    /// <param name="capacity">How many fit.</param>
    int Shortfall(int incoming, in PageLabel first, FolioKind kind, int resident, int capacity);
}
