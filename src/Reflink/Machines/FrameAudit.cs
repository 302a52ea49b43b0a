using Reflink.Cache;

namespace Reflink.Machines;

/// <summary>
/// The part of <see cref="Fsck"/> about memory: every frame's block is alive and found where it should be, and every block's
/// bytes are in memory or in the store.
/// </summary>
internal sealed class FrameAudit
{
    private readonly Machine _machine;

    // How many frames hold a block, how many of them are dirty, and whether one may lose its bytes.
    private readonly Dictionary<BlockNumber, (int Frames, int Dirty, bool LazyFree)> _held = [];
    private readonly List<FrameNumber> _resident = [];

    private FrameAudit(Machine machine)
    {
        _machine = machine;
        for (var n = 0; n < machine.Cache.HighWater; n++)
        {
            var frame = machine.Cache.Frames[new FrameNumber(n)];
            if (!frame.Block.IsZero)
            {
                var held = _held.GetValueOrDefault(frame.Block);
                _held[frame.Block] = (held.Frames + 1, held.Dirty + (IsDirty(frame) ? 1 : 0), held.LazyFree || (frame.Flags & FrameFlags.LazyFree) != 0);
                _resident.Add(new FrameNumber(n));
            }
        }
    }

    /// <summary>Every broken rule, one finding each.</summary>
    public static IEnumerable<string> Check(Machine machine)
    {
        var audit = new FrameAudit(machine);
        return audit._resident.SelectMany(audit.CheckFrame).Concat(audit.CheckCounts()).Concat(audit.CheckBytes());
    }

    private static bool IsDirty(in Frame frame) => (frame.Flags & FrameFlags.Dirty) != 0;

    private IEnumerable<string> CheckFrame(FrameNumber number)
    {
        var frame = _machine.Cache.Frames[number];
        var label = _machine.Cache.Frames.Label(number);
        if (_machine.Space.Owners(frame.Block) == 0)
        {
            yield return $"frame {number} holds {frame.Block}, which is dead";
        }

        if (((frame.Flags & FrameFlags.Writeback) != 0) != _machine.Cache.Dirty.IsInFlight(number))
        {
            yield return $"frame {number} of {frame.Block} and the disk do not agree whether its bytes are on their way";
        }

        if ((frame.Flags & FrameFlags.LazyFree) != 0 && (frame.Block.Kind != BlockKind.Anonymous || (frame.Flags & (FrameFlags.Dirty | FrameFlags.InSwap)) != 0 || _machine.Stored.Contains(frame.Block)))
        {
            yield return $"frame {number} of {frame.Block} may lose its bytes, though it is dirty, in swap, or of a file";
        }

        // So no two frames hold one block, or one page of an inode where the cache is keyed by that.
        if (!_machine.Cache.TryPeek(frame.Block, label, out var indexed) || indexed != number)
        {
            yield return $"frame {number} holds {frame.Block}, which the index does not find there";
        }

        if (!_machine.Cache.Contents.IsByPage(frame.Block))
        {
            yield break;
        }

        if (!_machine.Inodes.TryFind(label.Inode, out var inode)
            || !inode.Map.TryFindBlock(label.Page, out var block) || block != frame.Block)
        {
            yield return $"frame {number} holds {frame.Block} for {label}, which is another block or none";
        }
        else if (IsDirty(frame) && !inode.Map.IsExclusive(label.Page))
        {
            yield return $"frame {number} of {label} is dirty, and others who own {frame.Block} do not see it";
        }

        if (_held[frame.Block] is { Frames: > 1, Dirty: > 0 })
        {
            yield return $"frame {number} holds {frame.Block} and is not alone, and not all who do are clean";
        }
    }

    private IEnumerable<string> CheckCounts()
    {
        var (resident, dirty) = (_resident.Count, _held.Values.Sum(h => h.Dirty));
        if (resident != _machine.Cache.Resident || dirty != _machine.Cache.DirtyFrames)
        {
            yield return $"{resident} frames hold blocks, {dirty} dirty; counted are {_machine.Cache.Resident} and {_machine.Cache.DirtyFrames}";
        }

        if (_machine.Cache.Frames.Bytes(_machine.Cache.Frames.Zero).ContainsAnyExcept((byte)0))
        {
            yield return "the zero frame is not zero";
        }
    }

    // No page is lost, none is kept for a dead block, and what is in swap is counted.
    private IEnumerable<string> CheckBytes()
    {
        var (kept, swapped) = (0L, 0L);
        foreach (var run in _machine.Space.Runs(BlockKind.Stored).Concat(_machine.Space.Runs(BlockKind.Anonymous)))
        {
            for (var block = run.First; block != run.End; block += 1)
            {
                var (inStore, held) = (_machine.Stored.Contains(block), _held.GetValueOrDefault(block));
                kept += inStore ? 1 : 0;
                swapped += inStore && block.Kind == BlockKind.Anonymous ? 1 : 0;
                var isLost = _machine.Cache.Swap!.IsLost(block);
                if (inStore && isLost)
                {
                    yield return $"the bytes of {block} were lost when it left memory, and are in swap all the same";
                }

                if (!inStore && held.Dirty == 0 && !held.LazyFree && !(held.Frames == 0 && isLost))
                {
                    yield return $"the bytes of {block} are {(held.Frames > 0 ? "in a clean frame" : "not in memory")} and not in the store";
                }
            }
        }

        if (kept != _machine.Stored.PageCount || swapped != _machine.Cache.SwapPages.Used)
        {
            yield return $"the store holds {_machine.Stored.PageCount} pages, {kept} of them of live blocks; {swapped} are swapped out, {_machine.Cache.SwapPages.Used} counted";
        }
    }
}
