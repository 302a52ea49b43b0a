namespace Reflink.Benchmarks.Merging;

/// <summary>What one pass cost, in nanoseconds of a processor for all pages.</summary>
/// <param name="Ours">Our scanner.</param>
/// <param name="Allocated">Managed bytes that it allocated.</param>
/// <param name="Hash">One hash of every page, and nothing else, just before.</param>
/// <param name="Live">ksmd; 0 if it did not take part.</param>
internal readonly record struct MergeFigures(double Ours, long Allocated, double Hash, double Live);
