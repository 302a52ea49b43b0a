using Reflink.Cache;
using Reflink.Files.Pages;

namespace Reflink.Vm;

/// <content>Advice about what is used, and when: which pages come into memory and which leave (mm/madvise.c).</content>
public sealed partial class AddressSpace
{
    private static bool IsOwn(Advice advice) => advice is Advice.Normal or Advice.Random or Advice.Sequential or Advice.WillNeed
        or Advice.DontNeed or Advice.Free or Advice.Cold or Advice.PageOut;

    // Mapping by mapping, as in Linux: what lies before a mapping that is refused was worked on.
    private void Apply(VirtualRange range, Advice advice)
    {
        if (advice is Advice.Normal or Advice.Random or Advice.Sequential)
        {
            ChangeParts(range, vma => vma.Pattern == advice, vma => vma.Pattern = advice);
            return;
        }

        var mappers = advice is Advice.Cold or Advice.PageOut ? Process.CountMappers() : null;
        foreach (var vma in _vmas.Overlapping(range))
        {
            var part = vma.Range.Intersect(range);
            if (vma.IsLocked && advice != Advice.WillNeed)
            {
                throw new ReflinkException(Errno.EINVAL, $"the mapping at {vma.Start} is locked, so its pages cannot leave memory; unlock it first");
            }

            if (mappers is not null)
            {
                Age(vma, part, advice, mappers);
            }
            else if (advice == Advice.DontNeed)
            {
                Discard(vma, part);
            }
            else if (advice == Advice.Free)
            {
                GiveUp(vma, part);
            }
            else
            {
                ReadIn(vma, part);
            }
        }
    }

    // Changes what hangs on the mappings of a range, which are split and made one as Linux does (vma_modify, mm/vma.c).
    private void ChangeParts(VirtualRange range, Predicate<Vma> isAsWanted, Action<Vma> change)
    {
        foreach (var vma in _vmas.Overlapping(range))
        {
            if (!isAsWanted(vma))
            {
                SplitOff(vma, range);
                change(vma);
                _vm.Meter.Count(WorkKind.MappingChanged);
            }

            MergeBefore(vma);
        }

        if (_vmas.Find(range.End) is { } behind)
        {
            MergeBefore(behind);
        }
    }

    // Only pages that nobody else maps (madvise_cold_or_pageout_pte_range).
    private void Age(Vma vma, VirtualRange part, Advice advice, MapCounts mappers)
    {
        foreach (var (page, frame) in Present(vma).ToList())
        {
            if (page < part.Start || page >= part.End || frame == _vm.Cache.Frames.Zero || mappers[frame] != 1)
            {
                continue;
            }

            if (advice == Advice.PageOut)
            {
                _ = _vm.Cache.Reclaimer.TryPageOut(frame);
            }
            else
            {
                _vm.Cache.Lists.Deactivate(frame);
            }
        }
    }

    // What cannot be read now is read, or fails, when it is used (madvise_willneed).
    private void ReadIn(Vma vma, VirtualRange part)
    {
        var inode = vma.Base?.Reader ?? vma.Private;
        if (inode is null)
        {
            return;
        }

        try
        {
            foreach (var (block, label) in new MappedPages(inode, vma.PagesOf(part)))
            {
                if (!block.IsZero && !_vm.Cache.TryPeek(block, label, out _))
                {
                    _ = _vm.Cache.Get(block, new PageUse(label, AccessKind.None, Process.Group, Process.Node), out _);
                }
            }
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.ENOSPC or Errno.EIO)
        {
            return;
        }
    }
}
