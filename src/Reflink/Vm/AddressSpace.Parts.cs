using Reflink.Inodes;

namespace Reflink.Vm;

/// <content>What the verbs that change mappings have in common.</content>
public sealed partial class AddressSpace
{
    // The lowest and the highest user page of x86-64 with some room, as mmap_min_addr and TASK_SIZE leave.
    private static readonly VirtualPage s_bottom = VirtualPage.Of(0x10000);
    private static readonly VirtualPage s_top = VirtualPage.Of(0x7FFF_F7FF_F000);

    /// <summary>The mappings that have a page in a range, as they are now.</summary>
    internal List<Vma> Overlapping(VirtualRange range) => _vmas.Overlapping(range);

    /// <summary>The index in <see cref="Mappings"/> of the first mapping that ends behind a page.</summary>
    internal int FirstEndingBehind(VirtualPage page) => _vmas.FirstEndingBehind(page);

    /// <summary>The pages of a range of bytes.</summary>
    /// <exception cref="ReflinkException">EINVAL: no whole pages, nothing, or beyond the address space.</exception>
    internal static VirtualRange CheckedRange(long address, long length)
    {
        var range = new VirtualRange(VirtualPage.Of(address), Page.CountFor(Math.Clamp(length, 0, s_top.Address)));
        return (address & (Page.Size - 1)) == 0 && length > 0 && range.Start >= s_bottom && range.End <= s_top
            ? range
            : throw new ReflinkException(
                Errno.EINVAL, $"[0x{address:x},+{length}) is not a range of whole user pages between {s_bottom} and {s_top}");
    }

    /// <summary>Binds a mapping to another inode that shows through where it has no private pages.</summary>
    internal void Rebind(Vma vma, Inode inode, IMappingLevels? levels)
    {
        inode.Users++;
        var before = vma.Base!;
        (vma.Base, vma.Levels) = (inode, levels);
        vma.StampRebound(_vm.Changes);
        _vm.Metadata.Put(before);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
    }

    private long EntriesOf(Vma vma) => _entries.Count(vma.Range, vma.MappedAt);

    // Splits a mapping so that it lies within a range, and what lies outside becomes mappings of its own. Every change of
    // mappings that were there before begins here, so the last load is dropped here.
    private void SplitOff(Vma vma, VirtualRange range)
    {
        DropLastLoad();
        if (vma.Start < range.Start)
        {
            AddPart(vma, VirtualRange.Between(vma.Start, range.Start));
            vma.FilePage = vma.PageOf(range.Start);
            (vma.Length, vma.Start) = (vma.End - range.Start, range.Start);
        }

        if (vma.End > range.End)
        {
            AddPart(vma, VirtualRange.Between(range.End, vma.End));
            vma.Length = range.End - vma.Start;
        }
    }

    private void AddPart(Vma vma, VirtualRange range)
    {
        var part = vma.Part(range);
        Reference(part);
        _vmas.AddPart(part, vma);
    }

    // Makes a mapping one with the mapping before it where Linux would. The older MappedAt then holds for both, so the entries
    // of the younger mapping go: among them may be some of what was mapped there before.
    private void MergeBefore(Vma vma)
    {
        if (_vmas.Before(vma) is not { } before || !before.ContinuesIn(vma))
        {
            return;
        }

        if (before.MappedAt != vma.MappedAt)
        {
            var younger = before.MappedAt > vma.MappedAt ? before : vma;
            _entries.Clear(younger.Range);
        }

        before.MappedAt = before.MappedAt < vma.MappedAt ? before.MappedAt : vma.MappedAt;
        before.Changed = before.Changed > vma.Changed ? before.Changed : vma.Changed;
        _vmas.Remove(vma);
        before.Length += vma.Length;
        Unreference(vma);
    }

    private static void Reference(Vma vma)
    {
        foreach (var inode in (ReadOnlySpan<Inode?>)[vma.File, vma.Base, vma.Private])
        {
            if (inode is not null)
            {
                inode.Users++;
            }
        }
    }

    private void Unreference(Vma vma)
    {
        foreach (var inode in (ReadOnlySpan<Inode?>)[vma.File, vma.Base, vma.Private])
        {
            if (inode is not null)
            {
                _vm.Metadata.Put(inode);
            }
        }
    }
}
