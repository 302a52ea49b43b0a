namespace Reflink.Benchmarks.Merging;

/// <summary>The passes over memory that was just filled.</summary>
internal enum MergePass
{
    /// <summary>Every page is new: hashed and remembered.</summary>
    First,

    /// <summary>Every page rests since the first: what is equal is merged.</summary>
    Second,

    /// <summary>Nothing has changed: merged pages are noted, the others hashed and searched for again.</summary>
    Third,
}
