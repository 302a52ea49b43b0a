using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Vm;

/// <content>Moving and resizing mappings.</content>
public sealed partial class AddressSpace
{
    /// <summary>
    /// Moves or resizes a mapping (mremap(2)). Private pages move along without being copied, save merged ones, which are unmerged
    /// where a mapping moves, as in Linux.
    /// </summary>
    /// <param name="address">Where the mapping, or the part of it that is meant, begins.</param>
    /// <param name="oldLength">Its bytes, rounded up to whole pages; within one mapping.</param>
    /// <param name="newLength">How many it shall have.</param>
    /// <param name="mayMove">Whether it may move if it cannot grow where it is (MREMAP_MAYMOVE).</param>
    /// <param name="to">Where it shall be moved, replacing what is there (MREMAP_FIXED); 0 lets the machine choose.</param>
    /// <returns>The address where it is now.</returns>
    /// <exception cref="ReflinkException">EINVAL; EFAULT: not within one mapping; ENOMEM: no room; EIO; ESRCH.</exception>
    public long Remap(long address, long oldLength, long newLength, bool mayMove = true, long to = 0)
    {
        using var _ = Process.EnterCall();
        var (start, end) = CheckedRange(address, oldLength);
        var pages = CheckedRange(to == 0 ? Bottom.Address : to, newLength) is var wanted ? wanted.End - wanted.Start : 0;
        if (_vmas.Find(start) is not { } vma || vma.End < end)
        {
            throw new ReflinkException(Errno.EFAULT, $"[{start},{end}) is not within one mapping");
        }

        if (to != 0 && wanted.Start < end && start < wanted.End)
        {
            throw new ReflinkException(Errno.EINVAL, $"the new place [{wanted.Start},{wanted.End}) overlaps the old one");
        }

        if (end - start > pages)
        {
            UnmapRange(start + pages, end);
            end = start + pages;
            vma = _vmas.Find(start)!;
        }

        if (to == 0 && end - start == pages)
        {
            return address;
        }

        var canGrow = to == 0 && vma.End == end && _vmas.Overlapping(end, start + pages).Count == 0 && start + pages <= Top;
        if (!canGrow && !mayMove && to == 0)
        {
            throw new ReflinkException(Errno.ENOMEM, $"{vma.Start} cannot grow to {pages} pages where it is; let it move");
        }

        if (!canGrow)
        {
            return Move(vma, start, end, pages, to == 0 ? null : wanted.Start).Address;
        }

        GrowTo(vma, start + pages);
        return address;
    }

    private void GrowTo(Vma vma, VirtualPage end)
    {
        OwnPages(vma);
        vma.Length = end - vma.Start;
        _vm.Meter.Count(WorkKind.MappingChanged);
        if (_vmas.Find(end) is { } behind)
        {
            MergeBefore(behind);
        }
    }

    private VirtualPage Move(Vma vma, VirtualPage start, VirtualPage end, long pages, VirtualPage? to)
    {
        if (to is { } wanted)
        {
            UnmapRange(wanted, wanted + pages);
        }

        var place = to ?? _vmas.HighestGap(pages, Bottom, Top)
            ?? throw new ReflinkException(Errno.ENOMEM, $"no {pages << Page.Shift} bytes of address space are free; unmap something");
        _vm.Lifecycle.ForEach(o => o.Moving(Process, vma, start, end));
        Forget();
        vma = _vmas.Find(start)!;
        Isolate(vma, start, end);
        var present = Present(vma).ToList();
        _vmas.Remove(vma);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _entries.Clear(start, end - start);
        if (end - start < pages)
        {
            OwnPages(vma);
        }

        (vma.Start, vma.Length) = (place, pages);
        _vm.Changes.Stamp(ref vma.MappedAt, Rule.MappedAfresh);
        _vmas.Add(vma);
        foreach (var (page, frame) in present)
        {
            _entries[place + (page - start)] = Entry.Of(frame, _vm.Changes.Now, writable: false);
        }

        return place;
    }

    // Parts of a mapping that was split number their private pages in one inode: one that grows needs numbers of its own.
    private void OwnPages(Vma vma)
    {
        if (vma.Private is not { Users: > 1 } shared)
        {
            return;
        }

        var own = _vm.Pages.CreateNameless(InodeType.Private);
        _vm.Sharing.CloneRange(shared, vma.FileRange, own, vma.FilePage);
        DropPrivate(vma);
        vma.Private = own;
        _vm.Pages.Put(shared);
        _vm.Changes.Stamp(ref vma.Changed, Rule.Rebound);
    }
}
