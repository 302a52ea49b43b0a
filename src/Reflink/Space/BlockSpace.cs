namespace Reflink.Space;

/// <summary>
/// All blocks of a machine: which are alive, how many owners each has, what a derived one is made of. It knows numbers and
/// counts, never bytes.
/// </summary>
/// <remarks>
/// <code>
///   (never)  --Allocate, Intern-->  one owner  --Share-->  n owners  --MarkMerged-->  merged: every write copies
///                                       |  &lt;--Release--
///                                       +--Release of the last--> dead: queued as freed, its number never comes back
/// </code>
/// </remarks>
internal sealed partial class BlockSpace
{
    private const int Kinds = 4;
    private readonly RunMap[] _maps = [new(), new(), new(), new()];
    private readonly long[] _live = new long[Kinds];
    private readonly long[] _lastSerial = new long[Kinds];
    private readonly FreedBlocks _freed = new();
    private readonly ChangeCounter _changes;

    /// <summary>An empty space.</summary>
    /// <param name="storedCapacity">How many stored blocks may live at once.</param>
    /// <param name="changes">The machine's change counter, for the rules.</param>
    public BlockSpace(long storedCapacity, ChangeCounter changes)
    {
        Invariant.Check(storedCapacity >= 0);
        Capacity = storedCapacity;
        _changes = changes;
    }

    /// <summary>Called with merged blocks that were just freed, while their bytes can still be read. It must not change owners.</summary>
    public Action<BlockNumber, long>? OnMergedFreed { get; set; }

    /// <summary>How many stored blocks may live at once.</summary>
    public long Capacity { get; set; }

    /// <summary>How many blocks of that kind live.</summary>
    public long Live(BlockKind kind) => _live[(int)kind];

    /// <summary>Pages for which space is kept, but that were never written (<see cref="BlockNumber.Unwritten"/>).</summary>
    public long Unwritten { get; private set; }

    /// <summary>How many stored blocks are free. Never less than 0 between two operations.</summary>
    public long Free => Capacity - Live(BlockKind.Stored) - Unwritten;

    /// <summary>Makes that many new stored or anonymous blocks side by side, each with one owner: the caller. Returns the first.</summary>
    /// <param name="kind">Stored or anonymous.</param>
    /// <param name="count">How many.</param>
    /// <param name="preallocated">How many of them take the place of unwritten pages, whose space the caller gives up afterwards.</param>
    /// <exception cref="ReflinkException">ENOSPC: the stored blocks do not fit. Nothing has changed.</exception>
    public BlockNumber Allocate(BlockKind kind, long count, long preallocated = 0)
    {
        Invariant.Check(kind is BlockKind.Stored or BlockKind.Anonymous);
        Invariant.Check(count > 0);
        if (kind == BlockKind.Stored && count - preallocated > Free)
        {
            throw new ReflinkException(
                Errno.ENOSPC,
                $"{count} blocks do not fit: {Capacity - Free} of {Capacity} are in use; free files, or drain what is still to be freed, and try again");
        }

        return Append(kind, count);
    }

    /// <summary>Adds one owner to each block of the range. Block 0 is owned by all and not counted, of unwritten pages only how many there are.</summary>
    public void Share(BlockNumber first, long count)
    {
        Invariant.Check(count > 0);
        if (_isRecovering)
        {
            return;
        }

        if (first.IsZero)
        {
            CountUnwritten(first, count);
        }
        else
        {
            _maps[(int)first.Kind].Adjust(first.Value, count, Run.OwnerStep);
        }
    }

    /// <summary>
    /// Takes one owner from each block of the range. A block without owners dies and is queued as freed, and a dead derived
    /// block gives up its recipe's roots, which are never derived: so the fall ends there.
    /// </summary>
    public void Release(BlockNumber first, long count)
    {
        Invariant.Check(count > 0);
        if (_isRecovering)
        {
            return;
        }

        if (first.IsZero)
        {
            CountUnwritten(first, -count);
            return;
        }

        var map = _maps[(int)first.Kind];
        map.Adjust(first.Value, count, -Run.OwnerStep);
        foreach (var run in map.Dead)
        {
            if (run.IsMerged)
            {
                OnMergedFreed?.Invoke(new BlockNumber(run.First), run.Count);
            }

            Retire(new BlockNumber(run.First), run.Count);
        }

        map.Dead.Clear();
    }

    /// <summary>How many owners a block has; 0 when it is dead, and for block 0.</summary>
    public long Owners(BlockNumber block) => StateOf(block) >> 1;

    /// <summary>Whether the block's only owner may write it in place: not if it is zero, derived or merged.</summary>
    public bool IsExclusive(BlockNumber block) => block.Kind != BlockKind.Derived && StateOf(block) == Run.OneOwner;

    /// <summary>How many live blocks from one on have as many owners as it, and are merged or not as it is.</summary>
    public long Alike(BlockNumber block) => _maps[(int)block.Kind].RestOfRun(block.Value);

    /// <summary>Marks a live block as merged by KSM: until it dies no owner may write it in place. Block 0 needs no mark.</summary>
    public void MarkMerged(BlockNumber block)
    {
        if (!block.IsZero)
        {
            _maps[(int)block.Kind].MarkMerged(block.Value);
        }
    }

    /// <summary>Whether the block is marked as merged.</summary>
    public bool IsMerged(BlockNumber block) => (StateOf(block) & Run.MergedBit) != 0;

    /// <summary>Takes the run of blocks that died longest ago from the queue.</summary>
    public bool TryTakeFreed(out BlockNumber first, out long count) => _freed.TryTake(out first, out count);

    private void CountUnwritten(BlockNumber block, long count) => Unwritten += block == BlockNumber.Unwritten ? count : 0;

    private long StateOf(BlockNumber block) => block.IsZero ? 0 : _maps[(int)block.Kind].StateOf(block.Value);

    private BlockNumber Append(BlockKind kind, long count)
    {
        var first = BlockNumber.Of(kind, _lastSerial[(int)kind] + 1);
        _lastSerial[(int)kind] += count;
        _live[(int)kind] += count;
        _maps[(int)kind].Append(first.Value, count);
        return first;
    }

    private void Retire(BlockNumber first, long count)
    {
        _live[(int)first.Kind] -= count;
        _freed.Add(first, count);
        if (first.Kind == BlockKind.Derived)
        {
            for (long i = 0; i < count; i++)
            {
                ForgetRecipe(first + i);
            }
        }
    }
}
