using Iced.Intel;

namespace Reflink.Elf;

/// <summary>Finds the direct branches that lead to some addresses, in one pass over all code.</summary>
/// <remarks>
/// The pass is linear: each instruction begins where the one before it ended, and every known function starts it anew, so that data
/// between functions cannot put it out of step for long. What it cannot see are targets that no instruction spells out: entries
/// of jump tables and addresses that are computed. Code that is not reached, or data, may show branches that never happen; a site
/// is then refused for nothing, which is the safe side.
/// </remarks>
internal sealed class BranchSweep
{
    private readonly Dictionary<ulong, ulong> _sources = [];

    /// <summary>Looks for branches to those addresses.</summary>
    internal BranchSweep(ElfFile elf, CodeMap map, IReadOnlySet<ulong> wanted)
    {
        var next = 0;
        foreach (var region in map.Regions)
        {
            var code = new CodeReader(elf, region.Load);
            while (next < map.Functions.Count && map.Functions[next].Address <= region.Address)
            {
                next++;
            }

            for (var at = region.Address; at < region.End;)
            {
                var instruction = code.At(at);
                if (TargetOf(instruction) is { } target && wanted.Contains(target))
                {
                    _sources.TryAdd(target, at);
                }

                var end = at + (ulong)(instruction.IsInvalid ? 1 : instruction.Length);
                for (at = end; next < map.Functions.Count && map.Functions[next].Address <= end; next++)
                {
                    at = map.Functions[next].Address;
                }
            }
        }
    }

    /// <summary>The first branch that leads to the address, or null.</summary>
    internal ulong? SourceOf(ulong target) => _sources.TryGetValue(target, out var source) ? source : null;

    private static ulong? TargetOf(in Instruction instruction) => instruction.FlowControl switch
    {
        FlowControl.UnconditionalBranch or FlowControl.ConditionalBranch or FlowControl.Call or FlowControl.XbeginXabortXend
            when instruction.Op0Kind is OpKind.NearBranch64 => instruction.NearBranchTarget,
        _ => null,
    };
}
