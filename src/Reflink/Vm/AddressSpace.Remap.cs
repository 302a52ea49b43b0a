using Reflink.Inodes;

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
        var old = CheckedRange(address, oldLength);
        var wanted = CheckedRange(to == 0 ? s_bottom.Address : to, newLength);
        var pages = wanted.Length;
        if (_vmas.Find(old.Start) is not { } vma || vma.End < old.End)
        {
            throw new ReflinkException(Errno.EFAULT, $"{old} is not within one mapping");
        }

        if (to != 0 && !wanted.Intersect(old).IsEmpty)
        {
            throw new ReflinkException(Errno.EINVAL, $"the new place {wanted} overlaps the old one");
        }

        if (old.Length > pages)
        {
            UnmapRange(VirtualRange.Between(old.Start + pages, old.End));
            old = new VirtualRange(old.Start, pages);
            vma = _vmas.Find(old.Start)!;
        }

        if (to == 0 && old.Length == pages)
        {
            return address;
        }

        var end = old.Start + pages;
        var canGrow = to == 0 && vma.End == old.End && _vmas.Overlapping(VirtualRange.Between(old.End, end)).Count == 0 && end <= s_top;
        if (!canGrow && !mayMove && to == 0)
        {
            throw new ReflinkException(Errno.ENOMEM, $"{vma.Start} cannot grow to {pages} pages where it is; let it move");
        }

        if (canGrow)
        {
            GrowTo(vma, end);
        }

        var start = canGrow ? old.Start : Move(vma, old, pages, to == 0 ? null : wanted.Start);
        TryPopulate(_vmas.Find(start)!);
        return start.Address;
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

    private VirtualPage Move(Vma vma, VirtualRange old, long pages, VirtualPage? to)
    {
        if (to is { } wanted)
        {
            UnmapRange(new VirtualRange(wanted, pages));
        }

        var place = to ?? _vmas.HighestGap(pages, s_bottom, s_top)
            ?? throw new ReflinkException(Errno.ENOMEM, $"no {pages << Page.Shift} bytes of address space are free; unmap something");
        _vm.Lifecycle.ForEach(o => o.Moving(Process, vma, old));
        vma = _vmas.Find(old.Start)!;
        SplitOff(vma, old);
        var present = Present(vma).ToList();
        _vmas.Remove(vma);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _entries.Clear(old);
        if (old.Length < pages)
        {
            OwnPages(vma);
        }

        (vma.Start, vma.Length) = (place, pages);
        vma.StampMapped(_vm.Changes);
        _vmas.Add(vma);
        foreach (var (page, frame) in present)
        {
            _entries[place + (page - old.Start)] = Entry.Of(frame, _vm.Changes.Now, writable: false);
        }

        return place;
    }

    // The parts of a mapping that was split share one private inode, in which each has a range of page numbers. A part that grows
    // would run into the next part's numbers, so it gets a private inode for itself first.
    private void OwnPages(Vma vma)
    {
        if (vma.Private is not { Users: > 1 } shared)
        {
            return;
        }

        var own = _vm.Metadata.CreateNameless(InodeType.Private);
        _vm.Ledger.Share(shared, vma.FileRange, own, vma.FilePage);
        DropPrivate(vma);
        vma.Private = own;
        _vm.Metadata.Put(shared);
        vma.StampRebound(_vm.Changes);
    }
}
