
namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Private copies that each process has merged as soon as it is patched (MADV_MERGE, synchronous KSM): no daemon, one table for all.</summary>
public sealed class RequestedMechanism : MergedMechanism
{
    /// <inheritdoc/>
    public override string Name => "private+ksm-sync";

    /// <inheritdoc/>
    public override string Caveat => "is a proposal (LKML, February 2025): each process has a peak of its own copies, one after the other";

    /// <inheritdoc/>
    protected override void Merge(Bench bench, TextMapping text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Process.Madvise(text.Address, text.Text.Length, Advice.Merge);
    }
}
