using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Vm;

/// <content>Advice about ranges, and what strata above do to private pages.</content>
public sealed partial class AddressSpace
{
    /// <summary>Gives advice about a range (madvise(2)). Parts that are not mapped are an error, but the mapped parts are advised all the same.</summary>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <param name="advice">What is advised.</param>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM a gap, or no memory to unmerge into; EIO; ESRCH.</exception>
    public void Advise(long address, long length, Advice advice)
    {
        using var _ = Process.EnterCall();
        var adviser = advice == Advice.DontNeed ? null : _vm.Advisers.Find(a => a.Knows(advice))
            ?? throw new ReflinkException(Errno.EINVAL, $"there is no advice {(int)advice}");
        if (length == 0 && (address & (Page.Size - 1)) == 0)
        {
            return;
        }

        var (start, end) = CheckedRange(address, length);
        if (adviser is not null)
        {
            adviser.Advise(Process, start, end, advice);
        }
        else
        {
            Discard(start, end);
        }

        RequireMapped(start, end);
    }

    /// <summary>The mappings that have a page in a range, as they are now.</summary>
    internal List<Vma> Overlapping(VirtualPage start, VirtualPage end) => _vmas.Overlapping(start, end);

    /// <summary>Sets what a range of a mapping may be merged with; the rest becomes mappings of its own.</summary>
    internal void SetMerging(Vma vma, VirtualPage start, VirtualPage end, object? merging)
    {
        if (ReferenceEquals(vma.Merging, merging))
        {
            return;
        }

        Forget();
        Isolate(vma, start, end);
        vma.Merging = merging;
        _vm.Meter.Count(WorkKind.MappingChanged);
        var behind = _vmas.Find(vma.End);
        MergeBefore(vma);
        if (behind is not null)
        {
            MergeBefore(behind);
        }
    }

    /// <summary>Leads the entry of a page, if it has one, to the frame that was put in place of the one it led to.</summary>
    internal void Reenter(Vma vma, VirtualPage page, FrameNumber frame)
    {
        var entry = _entries[page];
        if (!entry.IsEmpty && entry.Tick >= vma.MappedAt)
        {
            Forget();
            _entries[page] = Entry.Of(frame, _vm.Changes.Now, writable: !_vm.Changes.Follows(Rule.ReentryProtected));
        }
    }

    /// <summary>Gives a mapping a page of its own in place of a merged one, as a write fault does (FAULT_FLAG_UNSHARE, mm/memory.c).</summary>
    internal void BreakPage(Vma vma, PageIndex at)
    {
        var page = vma.Start + (at - vma.FilePage);
        var entry = _entries[page];
        var frame = FillPrivate(vma, at);
        if (!entry.IsEmpty && entry.Tick >= vma.MappedAt)
        {
            _entries[page] = Entry.Of(frame, _vm.Changes.Now, writable: false);
        }
    }

    /// <summary>The pages of a range.</summary>
    /// <exception cref="ReflinkException">EINVAL: no whole pages, nothing, or beyond the address space.</exception>
    internal (VirtualPage Start, VirtualPage End) RangeOf(long address, long length) => CheckedRange(address, length);

    /// <summary>Says that a part of a range is not mapped, after the rest was worked on.</summary>
    /// <exception cref="ReflinkException">ENOMEM.</exception>
    internal void RequireMapped(VirtualPage start, VirtualPage end)
    {
        foreach (var vma in _vmas.Overlapping(start, end))
        {
            if (vma.Start > start)
            {
                break;
            }

            start = vma.End;
        }

        if (start < end)
        {
            throw new ReflinkException(Errno.ENOMEM, $"nothing is mapped at {start}; the mapped parts of the range were worked on");
        }
    }

    private void Discard(VirtualPage start, VirtualPage end)
    {
        Forget();
        foreach (var vma in _vmas.Overlapping(start, end))
        {
            var from = vma.Start > start ? vma.Start : start;
            var to = vma.End < end ? vma.End : end;
            if (vma.Private is { } own)
            {
                _vm.Changes.Stamp(ref own.Remapped, Rule.BulkRemapped);
                _vm.Pages.Apply(Change.Unmap(own.Number, new PageRange(vma.PageOf(from), to - from)));
            }

            _vm.Meter.Count(WorkKind.EntryDropped, _entries.Count(from, to, vma.MappedAt));
            _entries.Clear(from, to - from);
        }
    }
}
