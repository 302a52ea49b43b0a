using Reflink.Space;
using Reflink.Units;

namespace Reflink.Inodes;

/// <summary>Owners of blocks, counted anew: every range that is owned is a step up and a step down on the line of block numbers.</summary>
internal sealed class OwnerCount
{
    private readonly SortedDictionary<long, long> _steps = [];

    internal void Add(BlockNumber first, long count)
    {
        if (!first.IsZero)
        {
            Step(first.Value, 1);
            Step(first.Value + count, -1);
        }
    }

    /// <summary>Reports where the space counts otherwise: per stretch of equal disagreement, one finding.</summary>
    internal void Compare(BlockSpace space, List<string> findings)
    {
        SortedDictionary<long, (long Reached, long Counted)> both = [];
        foreach ((long at, long step) in _steps)
        {
            both[at] = (step, 0);
        }

        for (BlockKind kind = BlockKind.Stored; kind <= BlockKind.Derived; kind++)
        {
            foreach (BlockRun run in space.Runs(kind))
            {
                Count(both, run.First.Value, run.Owners);
                Count(both, run.First.Value + run.Count, -run.Owners);
            }
        }

        long reached = 0;
        long counted = 0;
        long from = 0;
        foreach ((long at, (long reachedStep, long countedStep)) in both)
        {
            if (reached != counted)
            {
                findings.Add(Finding(new BlockNumber(from), at - from, reached, counted));
            }

            reached += reachedStep;
            counted += countedStep;
            from = at;
        }
    }

    private static string Finding(BlockNumber first, long count, long reached, long counted) => (reached, counted) switch
    {
        (0, _) => $"blocks {first}+{count} are counted with {counted} owners, but nothing reaches them",
        (_, 0) => $"blocks {first}+{count} are dead, but {reached} owners reach them",
        _ => $"blocks {first}+{count} are counted with {counted} owners, {reached} reach them",
    };

    private static void Count(SortedDictionary<long, (long Reached, long Counted)> both, long at, long step)
    {
        both.TryGetValue(at, out (long Reached, long Counted) steps);
        both[at] = (steps.Reached, steps.Counted + step);
    }

    private void Step(long at, long step)
    {
        _steps.TryGetValue(at, out long sum);
        _steps[at] = sum + step;
    }
}
