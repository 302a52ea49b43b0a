using Reflink.Cache;

namespace Reflink.Vm;

/// <summary>Accounts for the memory of mappings and processes in the terms of /proc/pid/smaps (fs/proc/task_mmu.c).</summary>
public sealed class Smaps
{
    // The kernel sums shares in 2^-12 bytes.
    private const int ShareShift = 12;
    private readonly PageCache _cache;
    private readonly MapCounts _counts;

    private readonly Func<BlockNumber, bool> _isMerged;

    internal Smaps(PageCache cache, MapCounts counts, Func<BlockNumber, bool> isMerged) => (_cache, _counts, _isMerged) = (cache, counts, isMerged);

    /// <summary>What one mapping holds.</summary>
    public SmapsEntry Of(Process process, Vma vma)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(vma);
        var byMappers = new SortedDictionary<int, long>();
        long sharedClean = 0, sharedDirty = 0, privateClean = 0, privateDirty = 0, anonymous = 0, ksm = 0, lazyFree = 0, referenced = 0;
        foreach (var (page, frame) in process.Memory.Present(vma))
        {
            if (frame == _cache.Frames.Zero)
            {
                ksm += vma.IsFilled(vma.PageOf(page), out _) ? Page.Size : 0;
                continue;
            }

            referenced += process.Memory.IsAccessed(vma, page) ? Page.Size : 0;
            var mappers = _counts[frame];
            byMappers[mappers] = byMappers.GetValueOrDefault(mappers) + 1;
            ref readonly var state = ref _cache.Frames[frame];
            var dirty = (state.Flags & FrameFlags.Dirty) != 0;
            anonymous += state.Block.Kind == BlockKind.Anonymous ? Page.Size : 0;
            ksm += state.Block.Kind == BlockKind.Anonymous && _isMerged(state.Block) ? Page.Size : 0;
            lazyFree += (state.Flags & FrameFlags.LazyFree) != 0 ? Page.Size : 0;
            _ = (mappers > 1, dirty) switch
            {
                (true, false) => sharedClean += Page.Size,
                (true, true) => sharedDirty += Page.Size,
                (false, false) => privateClean += Page.Size,
                (false, true) => privateDirty += Page.Size,
            };
        }

        var (exact, cut) = (0m, 0L);
        foreach (var (mappers, pages) in byMappers)
        {
            exact += (decimal)(pages * Page.Size) / mappers;
            cut += pages * (((long)Page.Size << ShareShift) / mappers);
        }

        var rss = sharedClean + sharedDirty + privateClean + privateDirty;
        return new SmapsEntry(rss, exact, cut >> (10 + ShareShift), sharedClean, sharedDirty, privateClean, privateDirty, anonymous, ksm, vma.IsLocked ? exact : 0, lazyFree, referenced);
    }

    /// <summary>What a process holds: the sum over its mappings.</summary>
    public SmapsEntry Of(Process process)
    {
        ArgumentNullException.ThrowIfNull(process);
        var sum = default(SmapsEntry);
        foreach (var vma in process.Memory.Mappings)
        {
            sum += Of(process, vma);
        }

        return sum;
    }
}
