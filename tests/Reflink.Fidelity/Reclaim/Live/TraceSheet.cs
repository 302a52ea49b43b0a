namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What the file SUITE.json says of a trace.</summary>
public sealed record TraceSheet
{
    /// <summary>The name of the trace.</summary>
    public required string Trace { get; init; }

    /// <summary>Pages of the file, and of the anonymous memory, as far as the suite has them.</summary>
    public required int Pages { get; init; }

    /// <summary>Pages charged to the group before the first access: in the kept runs the most.</summary>
    public required long BasePages { get; init; }

    /// <summary>How many runs it took.</summary>
    public required int Runs { get; init; }

    /// <summary>How many agreed and are kept.</summary>
    public required int Kept { get; init; }

    /// <summary>How much any two of those agree at least, in per cent.</summary>
    public required double Agreement { get; init; }

    /// <summary>The agreement that was asked for, in per cent.</summary>
    public required double Asked { get; init; }

    /// <summary>Accesses that did not find their page, in per cent of all: the mean of the kept runs.</summary>
    public required double KeptMissed { get; init; }

    /// <summary>The same of each run that is not kept.</summary>
    public required IReadOnlyList<double> OtherMissed { get; init; }

    /// <summary>In how many accesses each run that is not kept differs from the first kept one.</summary>
    public required IReadOnlyList<int> Others { get; init; }

    /// <summary>How long the accesses took in each run, in milliseconds.</summary>
    public required IReadOnlyList<double> Milliseconds { get; init; }
}
