namespace Reflink.Vm;

/// <content>Taking mappings away.</content>
public sealed partial class AddressSpace
{
    /// <summary>Takes mappings away (munmap(2)).</summary>
    /// <exception cref="ReflinkException">EINVAL, ESRCH.</exception>
    public void Unmap(long address, long length)
    {
        using var _ = Process.EnterCall();
        var range = CheckedRange(address, length);
        UnmapRange(range);
    }

    /// <summary>Drops everything (exec, exit).</summary>
    internal void Clear()
    {
        DropLastLoad();
        foreach (var vma in _vmas.All)
        {
            _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
            TellUnmapped(vma, vma.Range);
            Unreference(vma);
        }

        var hadLocks = _vmas.All.Any(vma => vma.IsLocked);
        _locksNewMappings = false;
        _vmas.Clear();
        _entries.Release();
        if (hadLocks)
        {
            _vm.Locks.Recount();
        }
    }

    private void UnmapRange(VirtualRange range)
    {
        var hadLocks = false;
        foreach (var vma in _vmas.Overlapping(range))
        {
            hadLocks |= vma.IsLocked;
            SplitOff(vma, range);
            _vmas.Remove(vma);
            _vm.Meter.Count(WorkKind.MappingChanged);
            _vm.Meter.Count(WorkKind.EntryDropped, EntriesOf(vma));
            TellUnmapped(vma, vma.Range);
            DropPrivate(vma);
            Unreference(vma);
        }

        _entries.Free(range);
        if (hadLocks)
        {
            _vm.Locks.Recount();
        }
    }

    // A page of a file counts as used if an entry that goes away was used since its accessed bit was cleared (zap_present_folio_ptes, mm/memory.c).
    private void TellUnmapped(Vma vma, VirtualRange range)
    {
        if (vma.Base is null || vma.Pattern != Advice.Normal || !_vm.Cache.Lists.AgesMappedPages || _vm.References == ReferenceTracking.Exact)
        {
            return;
        }

        foreach (var page in _entries.Entered(range))
        {
            var entry = _entries[page];
            if (_paging.CanLoad(vma, entry) && !vma.IsFilled(vma.PageOf(page), out _))
            {
                _vm.Cache.Lists.Unmapped(entry.Frame);
            }
        }
    }

    // The parts of a mapping that was split have one private inode: while another part holds it, the pages of this one are freed by range.
    private void DropPrivate(Vma vma)
    {
        if (vma.Private is { Users: > 1 } own)
        {
            _vm.Ledger.Unmap(own, vma.FileRange);
        }
    }
}
