namespace Reflink.Studies.Watching;

/// <summary>A line of a trace, where slices and instants stand.</summary>
/// <param name="Process">The number of the process that it belongs to (pid).</param>
/// <param name="Thread">Its number in that process (tid).</param>
internal readonly record struct TraceTrack(int Process, int Thread);
