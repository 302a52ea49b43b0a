using Reflink.Patching;

namespace Reflink.Studies.Comparison.Mechanisms;

/// <summary>The kernel's uprobes: breakpoints by file and offset in every process, in private copies of the pages.</summary>
public sealed class UprobesMechanism : IMechanism
{
    private const byte Breakpoint = 0xcc;
    private UprobeLink? _link;

    /// <inheritdoc/>
    public string Name => "uprobes";

    /// <inheritdoc/>
    public MechanismScope Scope => MechanismScope.System;

    /// <inheritdoc/>
    public string Caveat => "leave about a tenth of the pages private on a live kernel after they are detached (60.6 of 584.4 MiB measured), here none; each hit enters the kernel";

    /// <inheritdoc/>
    public string? Refuses(ComparisonPlan plan) =>
        plan.Profiles.Count > 1 ? "patch everyone who maps the file alike, and here processes differ; take equal processes, or other mechanisms"
        : Enumerable.Range(0, plan.Patches.Count).Any(i => plan.Patches.New(i) is not [Breakpoint])
            ? "are breakpoints of one byte, and here are other patches; take breakpoints, or other mechanisms"
        : null;

    /// <inheritdoc/>
    public long FramesNeeded(ComparisonPlan plan) => plan.FilePages + FramesExpected(plan);

    /// <inheritdoc/>
    public long FramesExpected(ComparisonPlan plan) => plan.Counts.Pages;

    /// <inheritdoc/>
    public void Prepare(Bench bench, PatchProfile profile)
    {
        using var file = bench.Machine.Volume.Open(Bench.FilePath);
        _link = bench.Machine.Uprobes.Attach(bench.Tool, file, profile.Patches);
    }

    /// <inheritdoc/>
    public void Discard(Bench bench, PatchProfile profile) => bench.Machine.Uprobes.Detach(bench.Tool, _link!);
}
