namespace Reflink.Machines;

/// <summary>What one piece of work costs, and how that is known.</summary>
/// <param name="Nanoseconds">Nanoseconds of one CPU.</param>
/// <param name="Source">Where the figure comes from; what is assumed says so.</param>
public readonly record struct Cost(long Nanoseconds, string Source);
