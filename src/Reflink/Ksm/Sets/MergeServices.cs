using System.IO.Hashing;
using Reflink.Space;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm.Sets;

/// <summary>What merging uses of the strata below; one for a machine.</summary>
/// <param name="Vm">Memory, files and processes.</param>
/// <param name="Processes">All processes.</param>
/// <param name="Space">Which blocks live.</param>
/// <param name="Clock">The machine's clock.</param>
internal sealed record MergeServices(VmServices Vm, ProcessTable Processes, BlockSpace Space, IClock Clock)
{
    /// <summary>Pages that may not be merged, since somebody else may write to them at any time (pinned for input and output).</summary>
    public PinnedPages Pins { get; } = new();

    /// <summary>How pages are hashed. It is set before the first page is visited; a test sets one that collides.</summary>
    public PageHash Hash { get; set; } = static page => XxHash3.HashToUInt64(page);
}
