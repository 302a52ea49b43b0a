using Reflink.Space;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>What merging uses of the strata below; one for a machine.</summary>
/// <param name="Vm">Memory, files and processes.</param>
/// <param name="Processes">All processes.</param>
/// <param name="Space">Which blocks live.</param>
/// <param name="Clock">The machine's clock.</param>
internal sealed record MergeServices(VmServices Vm, ProcessTable Processes, BlockSpace Space, IClock Clock)
{
    /// <summary>Pages that may not be merged, since somebody else may write to them at any time (pinned for input and output).</summary>
    public PinnedPages Pins { get; } = new();
}
