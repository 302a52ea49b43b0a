namespace Reflink.Cache;

/// <summary>What reclaiming memory took so far.</summary>
/// <param name="Scanned">Pages that were looked at, by whomever.</param>
/// <param name="Stolen">Those that left because memory was short.</param>
/// <param name="Stalls">How often somebody who needed memory had to reclaim it (direct reclaim).</param>
/// <param name="StalledNanoseconds">How long that took together, by the machine's clock.</param>
public readonly record struct ReclaimCounts(long Scanned, long Stolen, long Stalls, long StalledNanoseconds);
