namespace Reflink.Studies.Comparison;

/// <summary>
/// One way to get patches into the text of running processes. An instance serves one machine, so it may keep what it made there.
/// The members are called in this order; those of a process once for each, those of a profile before its first process and after
/// its last.
/// </summary>
public interface IMechanism
{
    /// <summary>The name in reports and on the command line.</summary>
    string Name { get; }

    /// <summary>Who runs patched code when one process asks for it.</summary>
    MechanismScope Scope { get; }

    /// <summary>What its figures do not say and readers should know, as a sentence without a subject; null if nothing.</summary>
    string? Caveat => null;

    /// <summary>Why it cannot do what is planned, as a sentence without a subject that names what it could do; null if it can.</summary>
    string? Refuses(ComparisonPlan plan) => null;

    /// <summary>Frames that it needs at the most, the file's own cached once among them; the ample machine has more.</summary>
    long FramesNeeded(ComparisonPlan plan);

    /// <summary>Distinct frames with patched bytes that it must make, counted without a machine; a comparison checks that it made so many.</summary>
    long FramesExpected(ComparisonPlan plan);

    /// <summary>The machine that it needs.</summary>
    /// <param name="options">One with enough memory.</param>
    MachineOptions Configure(MachineOptions options) => options;

    /// <summary>Puts files on the volume that are there before any process; none of them will be cached.</summary>
    void Install(Bench bench)
    {
    }

    /// <summary>Does what a process does when it starts, before anything is patched or measured.</summary>
    /// <returns>The memory of the process to compare after each phase.</returns>
    IReadOnlyList<Region> Start(Bench bench, PatchedProcess process) => process.TextRegions;

    /// <summary>Does as <see cref="Bench.Tool"/> what is done once for a profile.</summary>
    void Prepare(Bench bench, PatchProfile profile)
    {
    }

    /// <summary>Patches one process.</summary>
    void Apply(Bench bench, PatchedProcess process)
    {
    }

    /// <summary>Lets daemons do what they do once all processes are patched, before any process loads what it was patched with.</summary>
    void Settle(Bench bench)
    {
    }

    /// <summary>Takes the patches out of one process again.</summary>
    void Revert(Bench bench, PatchedProcess process)
    {
    }

    /// <summary>Takes away as <see cref="Bench.Tool"/> what was prepared for a profile.</summary>
    void Discard(Bench bench, PatchProfile profile)
    {
    }
}
