namespace Reflink.Space;

/// <content>What fsck and snapshots see.</content>
internal sealed partial class BlockSpace
{
    /// <summary>The live blocks of a kind in order, in runs of equal owners and mark.</summary>
    public IEnumerable<BlockRun> Runs(BlockKind kind)
    {
        var runs = _maps[(int)kind].Runs;
        for (RunPosition at = new(0, 0); !runs.IsEnd(at); at = runs.Next(at))
        {
            var run = runs[at];
            yield return new BlockRun(new BlockNumber(run.First), run.Count, run.Owners, run.IsMerged);
        }
    }

    /// <summary>The live derived blocks in order, with their recipes.</summary>
    public IEnumerable<DerivedBlock> Recipes()
    {
        foreach (var run in Runs(BlockKind.Derived))
        {
            for (long i = 0; i < run.Count; i++)
            {
                if (_recipes.TryGet(run.First + i, out var entry))
                {
                    yield return new DerivedBlock(run.First + i, entry.Domain, entry.Recipe);
                }
            }
        }
    }

    /// <summary>Whether a live derived block counts as an owner of its roots: always, unless that rule was left out on purpose.</summary>
    public bool OwnsRoots(BlockNumber derived) => _recipes.TryGet(derived, out var entry) && entry.OwnsRoots;

    /// <summary>Checks the space against itself; every disagreement is one finding.</summary>
    public IEnumerable<string> Check()
    {
        for (var kind = BlockKind.Stored; kind <= BlockKind.Derived; kind++)
        {
            long live = 0;
            BlockRun? last = null;
            foreach (var run in Runs(kind))
            {
                live += run.Count;
                if (run.Count < 1 || run.Owners < 1 || run.First.Kind != kind)
                {
                    yield return $"run {run}: not a run of live {kind} blocks";
                }

                if (last is { } before && before.End.Value > run.First.Value)
                {
                    yield return $"runs {before} and {run} overlap";
                }

                if (last is { } touching && touching.End == run.First && (touching.Owners, touching.IsMerged) == (run.Owners, run.IsMerged))
                {
                    yield return $"runs {touching} and {run} should be one";
                }

                last = run;
            }

            if (live != Live(kind))
            {
                yield return $"{live} {kind} blocks are in runs, {Live(kind)} are counted as live";
            }
        }

        foreach (var finding in CheckRecipes())
        {
            yield return finding;
        }
    }

    private IEnumerable<string> CheckRecipes()
    {
        long known = 0;
        foreach (var derived in Recipes())
        {
            known++;
            if (!_recipes.TryFind(derived.Domain, derived.Recipe, out var block) || block != derived.Block)
            {
                yield return $"the recipe of {derived.Block} is not interned as that block";
            }
        }

        if (known != Live(BlockKind.Derived) || known != _recipes.Count)
        {
            yield return $"{Live(BlockKind.Derived)} derived blocks live, {known} of them with a recipe, of {_recipes.Count} recipes";
        }
    }
}
