namespace Reflink.Machines;

/// <summary>
/// How many owners each block has, as a reader counts them: pages of inodes that hold it, and recipes that copy from it.
/// The space counts less, since files that share a tree own its blocks together.
/// </summary>
internal sealed class SnapshotOwners
{
    private readonly List<(long First, long Owners)> _runs = [];

    public SnapshotOwners(Machine machine)
    {
        var steps = new SortedDictionary<long, long>();
        foreach (var extent in machine.Inodes.All.SelectMany(i => SnapshotWriter.Extents(i)).Where(e => !e.Block.IsZero))
        {
            Add(steps, extent.Block, extent.Length);
        }

        foreach (var root in machine.Space.Recipes().SelectMany(d => d.Recipe.Roots))
        {
            Add(steps, root, 1);
        }

        var owners = 0L;
        foreach (var (first, change) in steps)
        {
            owners += change;
            _runs.Add((first, owners));
        }
    }

    /// <summary>The owners of a block.</summary>
    public long this[BlockNumber block] => At(block) is var at && at < 0 ? 0 : _runs[at].Owners;

    /// <summary>Cuts a run of blocks where the number of owners changes.</summary>
    public IEnumerable<(long Skip, long Length, long? Owners)> Split(BlockNumber first, long length)
    {
        if (first.IsZero)
        {
            yield return (0, length, null);
            yield break;
        }

        var at = At(first);
        for (var done = 0L; done < length; at++)
        {
            // Steps that cancel each other out are no cut.
            var (end, owners) = (at + 1, _runs[at].Owners);
            while (end < _runs.Count && _runs[end].Owners == owners)
            {
                end++;
            }

            var step = Math.Min(length, end < _runs.Count ? _runs[end].First - first.Value : length) - done;
            yield return (done, step, owners);
            (done, at) = (done + step, end - 1);
        }
    }

    private static void Add(SortedDictionary<long, long> steps, BlockNumber first, long length)
    {
        steps[first.Value] = steps.GetValueOrDefault(first.Value) + 1;
        steps[first.Value + length] = steps.GetValueOrDefault(first.Value + length) - 1;
    }

    private int At(BlockNumber block)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _runs[middle].First <= block.Value ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
