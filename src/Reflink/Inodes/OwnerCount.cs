using Reflink.Space;

namespace Reflink.Inodes;

/// <summary>Owners of blocks, counted anew: every range that is owned is a step up and a step down on the line of block numbers.</summary>
internal sealed class OwnerCount
{
    private readonly List<(long At, long Reached, long Counted)> _steps = [];
    private long _unwritten;

    internal void Add(BlockNumber first, long count)
    {
        _unwritten += first == BlockNumber.Unwritten ? count : 0;
        if (!first.IsZero)
        {
            _steps.Add((first.Value, 1, 0));
            _steps.Add((first.Value + count, -1, 0));
        }
    }

    /// <summary>Reports where the space counts otherwise: one finding a stretch of equal disagreement.</summary>
    internal void Compare(BlockSpace space, List<string> findings)
    {
        if (_unwritten != space.Unwritten)
        {
            findings.Add($"{space.Unwritten} unwritten pages are counted, {_unwritten} are mapped");
        }

        if (space.Free < 0)
        {
            findings.Add($"{-space.Free} more blocks are promised than there are");
        }

        for (var kind = BlockKind.Stored; kind <= BlockKind.Derived; kind++)
        {
            foreach (var run in space.Runs(kind))
            {
                _steps.Add((run.First.Value, 0, run.Owners));
                _steps.Add((run.End.Value, 0, -run.Owners));
            }
        }

        _steps.Sort();
        (long Reached, long Counted) now = default;
        long from = 0;
        for (var i = 0; i < _steps.Count;)
        {
            var at = _steps[i].At;
            var then = now;
            for (; i < _steps.Count && _steps[i].At == at; i++)
            {
                then = (then.Reached + _steps[i].Reached, then.Counted + _steps[i].Counted);
            }

            if (then != now)
            {
                if (now.Reached != now.Counted)
                {
                    findings.Add(Finding(new BlockNumber(from), at - from, now.Reached, now.Counted));
                }

                (now, from) = (then, at);
            }
        }
    }

    private static string Finding(BlockNumber first, long count, long reached, long counted) => (reached, counted) switch
    {
        (0, _) => $"blocks {first}+{count} are counted with {counted} owners, but nothing reaches them",
        (_, 0) => $"blocks {first}+{count} are dead, but {reached} owners reach them",
        _ => $"blocks {first}+{count} are counted with {counted} owners, {reached} reach them",
    };
}
