using Reflink.Files;
using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Vm;

/// <content>Making, changing and copying mappings.</content>
public sealed partial class AddressSpace
{
    // The lowest and the highest user page of x86-64 with some room, as mmap_min_addr and TASK_SIZE leave.
    private static readonly VirtualPage Bottom = VirtualPage.Of(0x10000);
    private static readonly VirtualPage Top = VirtualPage.Of(0x7FFF_F7FF_F000);

    /// <summary>Maps a file (mmap(2)).</summary>
    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <param name="offset">Where in the file the mapping begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages.</param>
    /// <param name="protection">What is allowed.</param>
    /// <param name="shared">Whether stores go to the file.</param>
    /// <param name="address">Where to map, replacing what is there (MAP_FIXED); 0 lets the machine choose.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ReflinkException">EINVAL, EACCES, ENOMEM when no range is free, ESRCH.</exception>
    public long Map(OpenFile file, long offset, long length, Protection protection, bool shared = false, long address = 0)
    {
        if (!file.CanRead || (shared && (protection & Protection.Write) != 0 && !file.CanWrite))
        {
            throw new ReflinkException(
                Errno.EACCES, $"{file.Inode} must be open for reading, and for writing to be mapped shared and writable");
        }

        if (offset < 0 || (offset & (Page.Size - 1)) != 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"a file offset of {offset}; mappings begin at multiples of {Page.Size}");
        }

        return Place(length, address, start => new Vma(
            start, Page.CountFor(length), protection, shared, file.Inode, PageIndex.Of(offset)) { MayWrite = !shared || file.CanWrite });
    }

    /// <summary>Maps memory without a file, private or shared with children (mmap(2), MAP_ANONYMOUS).</summary>
    /// <returns>The address.</returns>
    /// <exception cref="ReflinkException">EINVAL, ENOMEM when no range is free, ESRCH.</exception>
    public long MapAnonymous(long length, Protection protection, bool shared = false, long address = 0)
    {
        if (!shared)
        {
            // Private pages are numbered by where they were first mapped, so that neighbours can be one mapping.
            return Place(length, address, start => new Vma(
                start, Page.CountFor(length), protection, false, null, new PageIndex(start.Value)));
        }

        var memory = _vm.Pages.CreateNameless(InodeType.Private);
        try
        {
            _vm.Pages.Apply(Change.SetSize(memory.Number, Math.Max(0, length)));
            return Place(length, address, start => new Vma(start, Page.CountFor(length), protection, true, memory, default));
        }
        finally
        {
            _vm.Pages.Put(memory);
        }
    }

    /// <summary>Takes mappings away (munmap(2)).</summary>
    /// <exception cref="ReflinkException">EINVAL, ESRCH.</exception>
    public void Unmap(long address, long length)
    {
        using var _ = Process.EnterCall();
        var (start, end) = CheckedRange(address, length);
        UnmapRange(start, end);
    }

    /// <summary>Changes what mappings allow (mprotect(2)).</summary>
    /// <exception cref="ReflinkException">EINVAL, EACCES for a shared mapping of a file not open for writing, ENOMEM for a gap, ESRCH.</exception>
    public void Protect(long address, long length, Protection protection)
    {
        using var _ = Process.EnterCall();
        var (start, end) = CheckedRange(address, length);
        Forget();
        var covered = _vmas.Overlapping(start, end);
        CheckProtectable(covered, start, end, protection);
        foreach (var vma in covered)
        {
            Isolate(vma, start, end);
            vma.Protection = protection;
            _vm.Meter.Count(WorkKind.MappingChanged);
            _vm.Meter.Count(WorkKind.EntryProtected, EntriesOf(vma));
            MergeBefore(vma);
        }

        if (covered.Count > 0 && _vmas.Find(end) is { } behind)
        {
            MergeBefore(behind);
        }
    }

    /// <summary>Binds a mapping to another inode that shows through where it has no private pages.</summary>
    internal void Rebind(Vma vma, Inode inode, object? attachment)
    {
        inode.Users++;
        var before = vma.Base!;
        (vma.Base, vma.Attachment) = (inode, attachment);
        _vm.Changes.Stamp(ref vma.Changed, Rule.Rebound);
        _vm.Pages.Put(before);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
    }

    /// <summary>Makes this, an empty address space, a copy of another: shared entries, cloned private pages, in O(mappings).</summary>
    internal void CopyFrom(AddressSpace parent)
    {
        _entries = parent._entries.Share();
        var clones = new Dictionary<Inode, Inode>();
        foreach (var vma in parent._vmas.All)
        {
            var copy = vma.Part(vma.Start, vma.End);
            copy.Private = vma.Private is { } own ? CloneOnce(own, clones) : null;
            if (copy.Private is null || copy.Private.Map.IsEmpty)
            {
                // Linux copies page tables only for mappings with private pages; others fault anew in the child.
                _vm.Changes.Stamp(ref copy.MappedAt, Rule.MappedAfresh);
            }

            Hold(copy);
            _vmas.Add(copy);
            _vm.Meter.Count(WorkKind.MappingChanged);
        }

        foreach (var clone in clones.Values)
        {
            // The mappings hold it now; the hand that made it lets go.
            _vm.Pages.Put(clone);
        }
    }

    /// <summary>Drops everything (exec, exit).</summary>
    internal void Clear()
    {
        Forget();
        foreach (var vma in _vmas.All)
        {
            _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
            Let(vma);
        }

        _vmas.Clear();
        _entries.Release();
    }

    private long EntriesOf(Vma vma) => _entries.Count(vma.Start, vma.End, vma.MappedAt);

    private static (VirtualPage Start, VirtualPage End) CheckedRange(long address, long length)
    {
        var (start, end) = (VirtualPage.Of(address), VirtualPage.Of(address) + Page.CountFor(Math.Clamp(length, 0, Top.Address)));
        return (address & (Page.Size - 1)) == 0 && length > 0 && start >= Bottom && end <= Top
            ? (start, end)
            : throw new ReflinkException(
                Errno.EINVAL, $"[0x{address:x},+{length}) is not a range of whole user pages between {Bottom} and {Top}");
    }

    private static void CheckProtectable(List<Vma> covered, VirtualPage start, VirtualPage end, Protection protection)
    {
        var next = start;
        foreach (var vma in covered)
        {
            if (vma.Start > next)
            {
                break;
            }

            if ((protection & Protection.Write) != 0 && !vma.MayWrite)
            {
                throw new ReflinkException(
                    Errno.EACCES, $"the shared mapping at {vma.Start} is of a file that was not open for writing");
            }

            next = vma.End;
        }

        if (next < end)
        {
            throw new ReflinkException(Errno.ENOMEM, $"nothing is mapped at {next}; protect only what is mapped");
        }
    }

    private long Place(long length, long address, Func<VirtualPage, Vma> make)
    {
        using var _ = Process.EnterCall();
        if (length <= 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"a mapping of {length} bytes; it must be more than 0");
        }

        VirtualPage start;
        if (address != 0)
        {
            (start, var end) = CheckedRange(address, length);
            UnmapRange(start, end);
        }
        else
        {
            start = (length > Top.Address ? null : _vmas.HighestGap(Page.CountFor(length), Bottom, Top))
                ?? throw new ReflinkException(Errno.ENOMEM, $"no {length} bytes of address space are free; unmap something");
        }

        var vma = make(start);
        _vm.Changes.Stamp(ref vma.MappedAt, Rule.MappedAfresh);
        Hold(vma);
        _vmas.Add(vma);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _vm.Observers.ForEach(o => o.Mapped(Process, vma));
        MergeBefore(vma);
        if (_vmas.Find(start + Page.CountFor(length)) is { } behind)
        {
            MergeBefore(behind);
        }

        return start.Address;
    }

    private void UnmapRange(VirtualPage start, VirtualPage end)
    {
        Forget();
        foreach (var vma in _vmas.Overlapping(start, end))
        {
            Isolate(vma, start, end);
            _vmas.Remove(vma);
            _vm.Meter.Count(WorkKind.MappingChanged);
            _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
            DropPrivate(vma);
            Let(vma);
        }

        _entries.Free(start, end - start);
    }

    // The pages of a private inode that other parts of a split mapping still hold.
    private void DropPrivate(Vma vma)
    {
        if (vma.Private is { Users: > 1 } own)
        {
            _vm.Changes.Stamp(ref own.Remapped, Rule.BulkRemapped);
            _vm.Pages.Apply(Change.Unmap(own.Number, new PageRange(vma.FilePage, vma.Length)));
        }
    }

    // Cuts what lies outside [start, end) off a mapping, into mappings of its own.
    private void Isolate(Vma vma, VirtualPage start, VirtualPage end)
    {
        if (vma.Start < start)
        {
            Split(vma, vma.Start, start);
            vma.FilePage = vma.PageOf(start);
            (vma.Length, vma.Start) = (vma.End - start, start);
        }

        if (vma.End > end)
        {
            Split(vma, end, vma.End);
            vma.Length = end - vma.Start;
        }
    }

    // The list is ordered by address: a part is added once the original no longer overlaps it.
    private void Split(Vma vma, VirtualPage start, VirtualPage end)
    {
        var part = vma.Part(start, end);
        Hold(part);
        _vmas.AddPart(part, vma);
    }

    // Neighbours become one mapping as Linux would have them; entries of a part that was mapped later than the rest go, since
    // the older tick now speaks for all.
    private void MergeBefore(Vma vma)
    {
        if (_vmas.Before(vma) is not { } before || !before.ContinuesIn(vma))
        {
            return;
        }

        if (before.MappedAt != vma.MappedAt)
        {
            var younger = before.MappedAt > vma.MappedAt ? before : vma;
            _entries.Clear(younger.Start, younger.Length);
        }

        before.MappedAt = before.MappedAt < vma.MappedAt ? before.MappedAt : vma.MappedAt;
        before.Changed = before.Changed > vma.Changed ? before.Changed : vma.Changed;
        _vmas.Remove(vma);
        before.Length += vma.Length;
        Let(vma);
    }

    private Inode CloneOnce(Inode own, Dictionary<Inode, Inode> clones)
    {
        if (!clones.TryGetValue(own, out var clone))
        {
            clone = _vm.Pages.CreateNameless(InodeType.Private);
            _vm.Sharing.Clone(own, clone);
            clones.Add(own, clone);
        }

        return clone;
    }

    private static void Hold(Vma vma)
    {
        foreach (var inode in (ReadOnlySpan<Inode?>)[vma.File, vma.Base, vma.Private])
        {
            if (inode is not null)
            {
                inode.Users++;
            }
        }
    }

    private void Let(Vma vma)
    {
        foreach (var inode in (ReadOnlySpan<Inode?>)[vma.File, vma.Base, vma.Private])
        {
            if (inode is not null)
            {
                _vm.Pages.Put(inode);
            }
        }
    }
}
