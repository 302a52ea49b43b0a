using Reflink.Ksm.Partitions;
using Reflink.Units;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Private copies merged as soon as a process is patched, with those of the same partition only: a synchronous one for each user, or one for all.</summary>
/// <param name="byUser">Whether each user has a partition.</param>
public sealed class PartitionedMechanism(bool byUser = true) : MergedMechanism
{
    private const UnixFileMode EveryUser = FileModes.File | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <inheritdoc/>
    public override string Name => byUser ? "private+ksm-partitioned" : "private+ksm-partitioned/machine";

    /// <inheritdoc/>
    public override string Caveat => byUser
        ? "is a proposal (LKML, March 2025): a synchronous partition for each user, so that no page is shared by two"
        : "is the same proposal with one partition for all users";

    /// <inheritdoc/>
    protected override void Merge(Bench bench, TextMapping text)
    {
        ArgumentNullException.ThrowIfNull(bench);
        ArgumentNullException.ThrowIfNull(text);
        using var own = bench.Machine.Ksm.Open(
            byUser ? text.Process.User.Name : "all", KsmOpenFlags.ReadWrite | KsmOpenFlags.Create | KsmOpenFlags.Synchronous,
            EveryUser, by: text.Process);
        own.Merge(text.Process, text.Address, text.Text.Length);
    }

    /// <inheritdoc/>
    protected override int DomainOf(ComparisonPlan plan, int process)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return byUser ? plan.UserOf(process) : 0;
    }
}
