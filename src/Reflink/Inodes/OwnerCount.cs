using Reflink.Space;
using Reflink.Units;

namespace Reflink.Inodes;

/// <summary>Owners of blocks, counted anew: every range that is owned is a step up and a step down on the line of block numbers.</summary>
internal sealed class OwnerCount
{
    private readonly List<(long At, long Reached, long Counted)> _steps = [];

    internal void Add(BlockNumber first, long count)
    {
        if (!first.IsZero)
        {
            _steps.Add((first.Value, 1, 0));
            _steps.Add((first.Value + count, -1, 0));
        }
    }

    /// <summary>Reports where the space counts otherwise: one finding a stretch of equal disagreement.</summary>
    internal void Compare(BlockSpace space, List<string> findings)
    {
        for (BlockKind kind = BlockKind.Stored; kind <= BlockKind.Derived; kind++)
        {
            foreach (BlockRun run in space.Runs(kind))
            {
                _steps.Add((run.First.Value, 0, run.Owners));
                _steps.Add((run.End.Value, 0, -run.Owners));
            }
        }

        _steps.Sort();
        long reached = 0;
        long counted = 0;
        long from = 0;
        foreach ((long at, long reachedStep, long countedStep) in _steps)
        {
            if (reached != counted && at > from)
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
}
