using System.Runtime.CompilerServices;
using Reflink.Cache.Backings;
using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Lists;

namespace Reflink.Cache;

/// <summary>
/// Which replacement policy has which frame in its lists. Each kind of block has one, and several kinds may share it; a kind
/// whose frames cannot leave memory (<see cref="BackingTraits.StaysInMemory"/>) is in no lists (Linux's unevictable list).
/// </summary>
/// <remarks>
/// A page-table entry's accessed bit is "the entry was made since <see cref="Frame.Changed"/> was stamped": so clearing the bits of all
/// entries of a frame stamps it, the next use of each entry looks again and is told, and no load or store pays for more than it did.
/// </remarks>
internal sealed class ReplacementLists(FrameTable frames, IBacking[] backings, ChangeCounter changes, IClock clock) : IReclaimHost
{
    private readonly IReplacementPolicy?[] _ofKind = new IReplacementPolicy?[4];

    // Kinds of blocks whose frames no policy has, because there is no swap.
    private readonly bool[] _stays = new bool[4];
    private readonly List<IReplacementPolicy> _inOrder = [];
    private readonly List<IPolicyCounters> _counting = [];

    // Of frames whose policy does not look at accessed bits itself: those that have a bit set since the last reclaim, and those of them
    // that were used after they came in, which is what their policy is told.
    private readonly FrameBits _accessed = new();
    private readonly FrameBits _used = new();
    private bool _hasAccessed;

    /// <inheritdoc/>
    public bool HasSwap => Array.Exists(backings, backing => backing is not null && (backing.Traits & BackingTraits.CopyGoesWhenWritten) != 0 && backing.HasRoom);

    /// <inheritdoc/>
    public long Now => clock.Now;

    /// <summary>Whether nothing may leave, in any policy's opinion, since all of it was used too lately.</summary>
    public bool IsAllYoung => _inOrder.TrueForAll(policy => policy is IAgingPolicy { IsAllYoung: true });

    /// <summary>Whether a block holds a page of a file, or an anonymous one.</summary>
    public FolioKind KindOf(BlockNumber block) => backings[(int)block.Kind] is { } backing && (backing.Traits & BackingTraits.PagesOfFiles) == 0 ? FolioKind.Anonymous : FolioKind.File;

    /// <summary>The lists that a frame belongs in: those of files' pages, too, if it is anonymous and its bytes are not wanted (folio_is_file_lru, include/linux/mm_inline.h).</summary>
    public FolioKind KindOf(FrameNumber number) => (frames[number].Flags & FrameFlags.LazyFree) != 0 ? FolioKind.File : KindOf(frames[number].Block);

    /// <summary>Whether a policy looks at accessed bits itself.</summary>
    public bool AgesMappedPages { get; private set; }

    /// <summary>Has a policy choose among frames of a kind of block. The policies are asked in the order in which they came.</summary>
    public void Serve(BlockKind kind, IReplacementPolicy policy)
    {
        _ofKind[(int)kind] = policy;
        _stays[(int)kind] = backings[(int)kind] is { } backing && (backing.Traits & BackingTraits.StaysInMemory) != 0;
        if (policy is IAgingPolicy aging)
        {
            aging.Host = this;
            AgesMappedPages = true;
        }

        if (!_inOrder.Contains(policy))
        {
            _inOrder.Add(policy);
            _counting.AddRange(policy is IPolicyCounters counting ? [counting] : []);
        }
    }

    /// <summary>The policies, in the order in which they are asked.</summary>
    public IReadOnlyList<IReplacementPolicy> Policies => _inOrder;

    /// <summary>Those that keep counters of their own.</summary>
    public IReadOnlyList<IPolicyCounters> CountingPolicies => _counting;

    /// <summary>How many pages the policies that count that have looked at so far.</summary>
    public long Scanned
    {
        get
        {
            var scanned = 0L;
            foreach (var policy in _counting)
            {
                scanned += policy.Scanned;
            }

            return scanned;
        }
    }

    /// <summary>Those that look at accessed bits themselves.</summary>
    public IEnumerable<IAgingPolicy> AgingPolicies => _inOrder.OfType<IAgingPolicy>();

    /// <summary>The policy that has the frames of a kind of block, if any has.</summary>
    public IReplacementPolicy? PolicyOf(BlockKind kind) => _ofKind[(int)kind];

    /// <summary>A frame was filled, or could not leave and comes in again.</summary>
    public void Insert(FrameNumber number, AccessKind access)
    {
        ref var frame = ref frames[number];
        if (_ofKind[(int)frame.Block.Kind] is { } policy && (frame.Flags & FrameFlags.Locked) == 0 && (!_stays[(int)frame.Block.Kind] || (frame.Flags & FrameFlags.LazyFree) != 0))
        {
            frame.Flags |= FrameFlags.Listed;
            if (IsMapped(access) && policy is not IAgingPolicy)
            {
                SetAccessed(number);
                _ = _used.Take(number);
            }

            _ = policy.Inserted(new Folio(number, Kind: KindOf(number)), frames.Label(number), access, frame.Group);
        }
    }

    /// <summary>A frame was used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(FrameNumber number, in PageUse use)
    {
        ref readonly var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) == 0)
        {
            return;
        }

        if (use.Access < AccessKind.Load)
        {
            _ofKind[(int)frame.Block.Kind]!.Touched(number, use.Access, use.Group);
        }
        else if (IsMapped(use.Access))
        {
            TouchMapped(number, use);
        }
    }

    /// <summary>An entry that led to a frame of a file goes away; it was used since its accessed bit was cleared.</summary>
    public void Unmapped(FrameNumber number)
    {
        ref readonly var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            (_ofKind[(int)frame.Block.Kind] as IAgingPolicy)?.Unmapped(number);
        }
    }

    /// <inheritdoc/>
    public bool IsDirty(FrameNumber frame) => (frames[frame].Flags & FrameFlags.Dirty) != 0;

    /// <summary>The daemon that writes dirty pages of files, which reclaim waits for; null: reclaim writes them.</summary>
    public Flusher? Flusher { get; set; }

    /// <summary>How often reclaim wanted a page that had to be written first (nr_vmscan_immediate_reclaim).</summary>
    public long Postponed { get; private set; }

    /// <inheritdoc/>
    public bool Postpones(FrameNumber frame)
    {
        ref var flags = ref frames[frame];
        if (Flusher is null || (flags.Flags & (FrameFlags.Dirty | FrameFlags.Writeback)) == 0)
        {
            return false;
        }

        flags.Flags |= FrameFlags.Rotates;
        Postponed++;
        return true;
    }

    /// <inheritdoc/>
    public void WriteDirty() => Flusher?.Ask();

    /// <summary>A frame that reclaim wanted while it was dirty is in the store now.</summary>
    public void Rotated(FrameNumber number)
    {
        if ((frames[number].Flags & FrameFlags.Listed) != 0)
        {
            (_ofKind[(int)frames[number].Block.Kind] as IAgingPolicy)?.Rotated(number);
        }
    }

    /// <inheritdoc/>
    public void ClearAccessed(FrameNumber frame) => changes.Stamp(ref frames[frame].Changed, Rule.None);

    /// <summary>A reclaim begins: tells the policies that do not look at accessed bits themselves of all pages that were used through mappings, and clears the bits.</summary>
    public void Harvest()
    {
        for (var word = 0; _hasAccessed && _accessed.TryTakeFrom(ref word, out var number);)
        {
            ref readonly var frame = ref frames[number];
            if (_used.Take(number) && (frame.Flags & FrameFlags.Listed) != 0)
            {
                _ofKind[(int)frame.Block.Kind]!.Touched(number, AccessKind.Load, frame.Group);
            }

            ClearAccessed(number);
        }

        _hasAccessed = false;
    }

    /// <summary>A frame is freed.</summary>
    public void Remove(FrameNumber number)
    {
        ref var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            frame.Flags &= ~FrameFlags.Listed;
            _ofKind[(int)frame.Block.Kind]!.Removed(number);
        }
    }

    /// <summary>A frame is freed because somebody asked for it: a policy that remembers what leaves does so (__remove_mapping, mm/vmscan.c). Bytes that nobody wants leave nothing.</summary>
    public void PageOut(FrameNumber number)
    {
        ref var frame = ref frames[number];
        if ((frame.Flags & (FrameFlags.Listed | FrameFlags.LazyFree)) == FrameFlags.Listed && _ofKind[(int)frame.Block.Kind] is IAgingPolicy aging)
        {
            frame.Flags &= ~FrameFlags.Listed;
            aging.PagedOut(number);
        }
    }

    /// <summary>A frame is to stay in memory until it is unlocked: no policy has it.</summary>
    public void Lock(FrameNumber number)
    {
        Remove(number);
        frames[number].Flags |= FrameFlags.Locked;
    }

    /// <summary>A frame may leave memory again, as one that has just come in (__munlock_folio, mm/mlock.c).</summary>
    public void Unlock(FrameNumber number)
    {
        frames[number].Flags &= ~FrameFlags.Locked;
        Insert(number, AccessKind.None);
    }

    /// <summary>An anonymous frame's bytes are not wanted any more: it comes in anew beside the pages of files, not used yet (lru_lazyfree, mm/swap.c).</summary>
    public void GiveUp(FrameNumber number)
    {
        _used.Reach(number);
        _ = _used.Take(number);
        ClearAccessed(number);
        frames[number].Flags |= FrameFlags.LazyFree;
        Relist(number, AccessKind.None);
    }

    /// <summary>A frame whose bytes were not wanted is written: it is an ordinary anonymous one from now on.</summary>
    public void TakeBack(FrameNumber number)
    {
        frames[number].Flags &= ~FrameFlags.LazyFree;
        Relist(number, AccessKind.Store);
    }

    /// <summary>A frame changes to the lists where it belongs now.</summary>
    public void Relist(FrameNumber number, AccessKind access)
    {
        Remove(number);
        Insert(number, access);
    }

    /// <summary>A frame is not expected to be used soon: a policy with an active list makes it inactive.</summary>
    public void Deactivate(FrameNumber number)
    {
        ref readonly var frame = ref frames[number];
        if ((frame.Flags & FrameFlags.Listed) != 0)
        {
            (_ofKind[(int)frame.Block.Kind] as IAgingPolicy)?.Deactivated(number);
        }
    }

    /// <summary>A listed frame is to hold another block, which may be of another kind: it changes lists if the kinds have different policies.</summary>
    public void Relabel(FrameNumber number, BlockNumber block)
    {
        ref var frame = ref frames[number];
        var moves = (frame.Flags & FrameFlags.Listed) != 0 && _ofKind[(int)frame.Block.Kind] != _ofKind[(int)block.Kind];
        if (moves)
        {
            Remove(number);
        }

        frame.Block = block;
        if (moves)
        {
            Insert(number, AccessKind.Write);
        }
    }

    /// <summary>Chooses the frames that are to leave next; they are in no list from now on.</summary>
    public int Choose(FrameNumber[] chosen)
    {
        foreach (var policy in _inOrder)
        {
            var count = policy.Reclaim(chosen.Length, default, chosen);
            foreach (var number in chosen.AsSpan(0, count))
            {
                frames[number].Flags &= ~FrameFlags.Listed;
            }

            if (count > 0)
            {
                return count;
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TouchMapped(FrameNumber number, in PageUse use)
    {
        if (_ofKind[(int)frames[number].Block.Kind] is var policy && policy is IAgingPolicy)
        {
            policy.Touched(number, use.Access, use.Group);
        }
        else
        {
            SetAccessed(number);
            _used.Set(number);
        }
    }

    private static bool IsMapped(AccessKind access) => access is AccessKind.Load or AccessKind.Store or AccessKind.Execute;

    private void SetAccessed(FrameNumber number)
    {
        _accessed.Reach(number);
        _used.Reach(number);
        _accessed.Set(number);
        _hasAccessed = true;
    }
}
