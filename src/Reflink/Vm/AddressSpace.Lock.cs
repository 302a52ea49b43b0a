namespace Reflink.Vm;

/// <content>Keeping pages in memory (mm/mlock.c).</content>
public sealed partial class AddressSpace
{
    private bool _locksNewMappings;

    // Whether new mappings that are locked are so only as their pages come in.
    private bool _locksOnFault;

    /// <summary>
    /// Keeps the pages of a range in memory (mlock(2)): they are faulted in now, private writable ones as pages of their own, and stay until they are
    /// unlocked or unmapped. How much a process may lock (RLIMIT_MEMLOCK) is not limited.
    /// </summary>
    /// <param name="address">Where the range begins; rounded down to a whole page.</param>
    /// <param name="length">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM: a gap, or a page that cannot be faulted in; EAGAIN: no memory; EIO; ESRCH. The mappings are locked all the same.</exception>
    /// <example><code>
    /// var heap = process.Memory.MapAnonymous(16 * Page.Size, Protection.ReadWrite);
    /// process.Memory.Lock(heap, 16 * Page.Size);
    /// </code></example>
    public void Lock(long address, long length)
    {
        using var _ = Process.EnterCall();
        if (RangeToLock(address, length) is not { } range)
        {
            return;
        }

        ChangeParts(range, vma => vma is { IsLocked: true, IsLockedOnFault: false }, vma => (vma.IsLocked, vma.IsLockedOnFault) = (true, false));
        RequireMapped(range);
        Populate(range);
    }

    /// <summary>
    /// Keeps the pages of a range in memory from when they come in (mlock2(2) with MLOCK_ONFAULT): those that are mapped and in memory are locked now, others when they are used; none is
    /// brought in.
    /// </summary>
    /// <param name="address">Where the range begins; rounded down to a whole page.</param>
    /// <param name="length">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM: a gap; ESRCH. The mapped parts are locked all the same.</exception>
    public void LockOnFault(long address, long length)
    {
        using var _ = Process.EnterCall();
        if (RangeToLock(address, length) is { } range)
        {
            LockPresent(range);
            RequireMapped(range);
        }
    }

    /// <summary>Lets the pages of a range leave memory again (munlock(2)), unless another mapping that shows them is locked.</summary>
    /// <param name="address">Where the range begins; rounded down to a whole page.</param>
    /// <param name="length">Bytes, rounded up to whole pages; 0 does nothing.</param>
    /// <exception cref="ReflinkException">EINVAL; ENOMEM: a gap; ESRCH. The mapped parts are unlocked all the same.</exception>
    public void Unlock(long address, long length)
    {
        using var _ = Process.EnterCall();
        if (RangeToLock(address, length) is not { } range)
        {
            return;
        }

        ChangeParts(range, vma => !vma.IsLocked, vma => (vma.IsLocked, vma.IsLockedOnFault) = (false, false));
        _vm.Locks.Recount();
        RequireMapped(range);
    }

    /// <summary>Locks all mappings, those made from now on, or both (mlockall(2)). A page that cannot be faulted in is no error.</summary>
    /// <param name="scope">Which, and whether their pages are brought in.</param>
    /// <exception cref="ReflinkException">EINVAL: neither of both, or unknown bits; ESRCH.</exception>
    public void LockAll(LockScope scope)
    {
        using var _ = Process.EnterCall();
        if ((scope & (LockScope.Current | LockScope.Future)) == 0 || (scope & ~(LockScope.Current | LockScope.Future | LockScope.OnFault)) != 0)
        {
            throw new ReflinkException(Errno.EINVAL, $"mlockall takes {LockScope.Current}, {LockScope.Future} or both, with {LockScope.OnFault} or without, not {(int)scope}");
        }

        _locksNewMappings = (scope & LockScope.Future) != 0;
        _locksOnFault = (scope & LockScope.OnFault) != 0;
        var all = VirtualRange.Between(s_bottom, s_top);
        if ((scope & LockScope.Current) != 0 && _locksOnFault)
        {
            LockPresent(all);
        }
        else if ((scope & LockScope.Current) != 0)
        {
            ChangeParts(all, vma => vma is { IsLocked: true, IsLockedOnFault: false }, vma => (vma.IsLocked, vma.IsLockedOnFault) = (true, false));
            _vmas.All.ToList().ForEach(TryPopulate);
        }
    }

    /// <summary>Unlocks all mappings, and does not lock new ones (munlockall(2)).</summary>
    /// <exception cref="ReflinkException">ESRCH.</exception>
    public void UnlockAll()
    {
        using var _ = Process.EnterCall();
        _locksNewMappings = false;
        ChangeParts(VirtualRange.Between(s_bottom, s_top), vma => !vma.IsLocked, vma => (vma.IsLocked, vma.IsLockedOnFault) = (false, false));
        _vm.Locks.Recount();
    }

    private static VirtualRange? RangeToLock(long address, long length)
    {
        var within = address & (Page.Size - 1);
        return length == 0 ? null : CheckedRange(address - within, length > 0 ? length + within : length);
    }

    // mlock_vma_pages_range, mm/mlock.c: what page-table entries lead to.
    private void LockPresent(VirtualRange range)
    {
        foreach (var (page, frame) in _vmas.Overlapping(range).SelectMany(Present).ToList())
        {
            if (page >= range.Start && page < range.End)
            {
                _vm.Locks.Lock(frame);
            }
        }

        ChangeParts(range, vma => vma is { IsLocked: true, IsLockedOnFault: true }, vma => (vma.IsLocked, vma.IsLockedOnFault) = (true, true));
    }

    // As an access would (__mm_populate, mm/gup.c): private pages that may be stored to are copied at once. What is locked as it comes in is not brought in (populate_vma_page_range).
    private void Populate(VirtualRange range)
    {
        foreach (var vma in _vmas.Overlapping(range).Where(vma => !vma.IsLockedOnFault))
        {
            var part = vma.Range.Intersect(range);
            var access = !vma.IsShared && (vma.Protection & Protection.Write) != 0 ? AccessKind.Store : AccessKind.Load;
            if (access == AccessKind.Load && (vma.Protection & Protection.Read) == 0)
            {
                throw new ReflinkException(Errno.ENOMEM, $"the mapping at {vma.Start} allows {vma.Protection}, so its pages cannot be faulted in; it is locked all the same");
            }

            for (var page = part.Start; page < part.End; page += 1)
            {
                PopulatePage(vma, page, access);
            }
        }
    }

    // __mlock_posix_error_return, mm/mlock.c.
    private void PopulatePage(Vma vma, VirtualPage page, AccessKind access)
    {
        try
        {
            _vm.Locks.Lock(Translate(page, vma, access));
        }
        catch (ReflinkException e) when (e.Error is Errno.EFAULT or Errno.ENOMEM)
        {
            throw new ReflinkException(
                e.Error == Errno.EFAULT ? Errno.ENOMEM : Errno.EAGAIN, $"not all pages could be brought into memory, though the mappings are locked: {e.Reason}", e);
        }
    }

    // Where a mapping is made, or all are locked, the kernel does not tell of pages that cannot be faulted in (mm_populate, include/linux/mm.h).
    private void TryPopulate(Vma vma)
    {
        try
        {
            if (vma.IsLocked)
            {
                Populate(vma.Range);
            }
        }
        catch (ReflinkException e) when (e.Error is Errno.ENOMEM or Errno.EAGAIN or Errno.ENOSPC or Errno.EIO)
        {
            return;
        }
    }
}
