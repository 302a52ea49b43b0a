namespace Reflink.Cluster.Grains;

/// <summary>What a worker that asks for runs gets.</summary>
/// <param name="Runs">Numbers of runs in the plan.</param>
/// <param name="IsOver">Whether the study is done or cancelled, so that it need not be asked again.</param>
[GenerateSerializer, Immutable, Alias("reflink.leased")]
internal sealed record LeasedRuns([property: Id(0)] int[] Runs, [property: Id(1)] bool IsOver);
