
namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>Private copies (<see cref="PrivateMechanism"/>), and equal ones merged: three forms of samepage merging differ in who merges when with whom.</summary>
/// <remarks>
/// Merging stops when everyone is patched, as in the live experiment: reverting copies what was merged, page by
/// page, and nobody merges the copies. Merged again they would still not be the file's own pages.
/// </remarks>
public abstract class MergedMechanism : IMechanism
{
    private readonly PrivateMechanism _copies = new();

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string? Caveat { get; }

    /// <inheritdoc/>
    public MechanismScope Scope => _copies.Scope;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => _copies.FramesNeeded(plan);

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => MergedPages.Count(plan, process => DomainOf(plan, process));

    /// <inheritdoc/>
    public void Apply(Bench bench, PatchedProcess process)
    {
        ArgumentNullException.ThrowIfNull(process);
        _copies.Apply(bench, process);
        foreach (var text in process.Texts)
        {
            Merge(bench, text);
        }
    }

    /// <inheritdoc/>
    public virtual void Settle(Bench bench)
    {
    }

    /// <inheritdoc/>
    public void Revert(Bench bench, PatchedProcess process) => _copies.Revert(bench, process);

    /// <summary>Merges the private pages of a mapping that has just been patched, or says that they may be; its process pays.</summary>
    protected abstract void Merge(Bench bench, TextMapping text);

    /// <summary>Within which domain the pages of a process are merged, by any number.</summary>
    /// <param name="plan">What is planned.</param>
    /// <param name="process">The number of the process, counted from 0.</param>
    protected virtual int DomainOf(ComparisonPlan plan, int process) => 0;
}
