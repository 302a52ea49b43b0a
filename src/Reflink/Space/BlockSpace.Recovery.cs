namespace Reflink.Space;

/// <content>Starting from what a journal says: counts are not stored but rebuilt.</content>
internal sealed partial class BlockSpace
{
    private bool _isRecovering;

    /// <summary>The serial numbers of the stored and derived blocks that were born last.</summary>
    public (long Stored, long Derived) LastSerials => (_lastSerial[(int)BlockKind.Stored], _lastSerial[(int)BlockKind.Derived]);

    /// <summary>Stops counting owners while trees are rebuilt from the journal; the owners are counted once, from the finished trees.</summary>
    public void BeginRecovery() => _isRecovering = true;

    /// <summary>Counts again, from the runs that were owned, each once for each owner.</summary>
    public void EndRecovery(List<(BlockNumber First, long Count)> owned, (long Stored, long Derived) lastSerials)
    {
        _isRecovering = false;
        (_lastSerial[(int)BlockKind.Stored], _lastSerial[(int)BlockKind.Derived]) = lastSerials;
        var edges = new List<(long At, long Step)>(2 * owned.Count);
        foreach (var (first, count) in owned)
        {
            edges.Add((first.Value, 1));
            edges.Add((first.Value + count, -1));
        }

        edges.Sort();
        var (owners, from) = (0L, 0L);
        foreach (var (at, step) in edges)
        {
            if (at > from && owners > 0)
            {
                var kind = (int)new BlockNumber(from).Kind;
                _maps[kind].Append(from, at - from);
                _live[kind] += at - from;
                if (owners > 1)
                {
                    _maps[kind].Adjust(from, at - from, (owners - 1) * Run.OwnerStep);
                }
            }

            owners += step;
            from = at;
        }
    }

    /// <summary>Makes a derived block known, which the recovered trees reach; it owns its roots.</summary>
    public void RestoreRecipe(BlockNumber derived, int domain, Recipe recipe) => _recipes.Add(derived, new(domain, recipe, OwnsRoots: true));

    /// <summary>The sharing domain of a live derived block.</summary>
    public int DomainOf(BlockNumber derived)
    {
        Invariant.Check(_recipes.TryGet(derived, out var entry));
        return entry.Domain;
    }
}
