namespace Reflink.Studies.Experiments;

/// <summary>What is to be done at a moment of simulated time, even in the middle of a wait.</summary>
internal sealed class BenchAlarm
{
    /// <summary>When, in nanoseconds of the machine's clock. Ringing moves it on.</summary>
    public required long Next { get; set; }

    public required Action Ring { get; init; }
}
