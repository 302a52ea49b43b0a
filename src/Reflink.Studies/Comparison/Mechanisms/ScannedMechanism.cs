
namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Private copies that classic KSM merges: the text is advised (MADV_MERGEABLE), and ksmd goes over it pass by pass when all are patched.</summary>
public sealed class ScannedMechanism : MergedMechanism
{
    /// <inheritdoc/>
    public override string Name => "private+ksm";

    /// <inheritdoc/>
    public override string Caveat => "needs the memory of all private copies until its second pass";

    /// <inheritdoc/>
    public override void Settle(Bench bench)
    {
        ArgumentNullException.ThrowIfNull(bench);
        Scan.UntilSettled(bench.Machine.Ksm.Machine);
    }

    /// <inheritdoc/>
    protected override void Merge(Bench bench, TextMapping text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Process.Madvise(text.Address, text.Text.Length, Advice.Mergeable);
    }
}
