using Reflink.Ksm;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Private copies merged as soon as a process is patched, with those of the same user only: a synchronous partition for each user.</summary>
public sealed class PartitionedMechanism : MergedMechanism
{
    /// <inheritdoc/>
    public override string Name => "private+ksm-partitioned";

    /// <inheritdoc/>
    public override string Caveat => "is a proposal (LKML, March 2025): a synchronous partition for each user, so that no page is shared by two";

    /// <inheritdoc/>
    protected override void Merge(Bench bench, TextMapping text)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(text);
        using var own = bench.Machine.Ksm.Open(
            text.Process.User.Name, KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous, by: text.Process);
        own.Merge(text.Process, text.Address, text.Text.Length);
    }

    /// <inheritdoc/>
    protected override int DomainOf(ComparisonPlan plan, int process)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.UserOf(process);
    }
}
