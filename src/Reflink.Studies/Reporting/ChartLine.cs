namespace Reflink.Studies.Reporting;

/// <summary>One line of a chart: a number for each position, null where no run has it.</summary>
/// <param name="Name">What the line is called.</param>
/// <param name="Middle">Medians over the seeds.</param>
/// <param name="Low">Where the median lies with 95 % confidence, from here (<see cref="Sweeps.Spread"/>) ... With fewer than six seeds the least over them.</param>
/// <param name="High">... to here; with fewer than six seeds the most over them.</param>
internal sealed record ChartLine(string Name, IReadOnlyList<double?> Middle, IReadOnlyList<double?> Low, IReadOnlyList<double?> High)
{
    /// <summary>Whether seeds differ anywhere.</summary>
    public bool IsSpread => Low.Zip(High).Any(pair => pair.First != pair.Second);
}
