namespace Reflink.Studies.Experiments;

/// <summary>How far a step that moves many bytes is.</summary>
/// <param name="Step">The step.</param>
/// <param name="Done">Bytes moved by now.</param>
/// <param name="Total">Bytes to move; 0 if nobody knows.</param>
public sealed record ExperimentProgress(string Step, long Done, long Total);
