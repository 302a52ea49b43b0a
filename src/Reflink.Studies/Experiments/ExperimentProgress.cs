namespace Reflink.Studies.Experiments;

/// <summary>How far a step is that takes long.</summary>
/// <param name="Step">The step.</param>
/// <param name="Done">How much is done by now.</param>
/// <param name="Total">How much there is to do; 0 if nobody knows.</param>
public sealed record ExperimentProgress(string Step, long Done, long Total)
{
    /// <summary>The unit of steps that move bytes.</summary>
    public const string Bytes = "bytes";

    /// <summary>The unit of steps that let scanners pass over memory.</summary>
    public const string Passes = "passes";

    /// <summary>What is counted.</summary>
    public string Unit { get; init; } = Bytes;
}
