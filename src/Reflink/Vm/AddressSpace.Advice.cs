namespace Reflink.Vm;

/// <content>Advice about ranges.</content>
public sealed partial class AddressSpace
{
    /// <summary>Gives advice about a range (madvise(2)). Parts that are not mapped are an error, but the mapped parts are advised all the same.</summary>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <param name="advice">What is advised.</param>
    /// <exception cref="ReflinkException">EINVAL: no range, unknown advice, a locked mapping whose pages would leave, or a mapping of a file whose pages cannot be given up; ENOMEM: a gap, or no memory to unmerge into; EIO; ESRCH.</exception>
    public void Advise(long address, long length, Advice advice)
    {
        using var _ = Process.EnterCall();
        var adviser = IsOwn(advice) ? null : _vm.Advisers.Find(a => a.Knows(advice))
            ?? throw new ReflinkException(Errno.EINVAL, $"there is no advice {(int)advice}");
        if (length == 0 && (address & (Page.Size - 1)) == 0)
        {
            return;
        }

        var range = CheckedRange(address, length);
        if (adviser is not null)
        {
            adviser.Advise(Process, range, advice);
        }
        else
        {
            Apply(range, advice);
        }

        RequireMapped(range);
    }

    /// <summary>Sets what a range of a mapping may be merged with; the rest becomes mappings of its own.</summary>
    internal void SetMerging(Vma vma, VirtualRange range, IMergeScope? merging)
    {
        if (ReferenceEquals(vma.Merging, merging))
        {
            return;
        }

        SplitOff(vma, range);
        vma.Merging = merging;
        _vm.Meter.Count(WorkKind.MappingChanged);
        var behind = _vmas.Find(vma.End);
        MergeBefore(vma);
        if (behind is not null)
        {
            MergeBefore(behind);
        }
    }

    /// <summary>Says that a part of a range is not mapped, after the rest was worked on.</summary>
    /// <exception cref="ReflinkException">ENOMEM.</exception>
    internal void RequireMapped(VirtualRange range)
    {
        var next = range.Start;
        foreach (var vma in _vmas.Overlapping(range))
        {
            if (vma.Start > next)
            {
                break;
            }

            next = vma.End;
        }

        if (next < range.End)
        {
            throw new ReflinkException(Errno.ENOMEM, $"nothing is mapped at {next}; the mapped parts of the range were worked on");
        }
    }

    private void Discard(Vma vma, VirtualRange part)
    {
        DropLastLoad();
        TellUnmapped(vma, part);
        if (vma.Private is { } own)
        {
            _vm.Ledger.Unmap(own, vma.PagesOf(part));
        }

        _vm.Meter.Count(WorkKind.EntryDropped, _entries.Count(part, vma.MappedAt));
        _entries.Clear(part);
    }
}
