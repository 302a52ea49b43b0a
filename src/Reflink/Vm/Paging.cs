using System.Runtime.CompilerServices;
using Reflink.Cache;
using Reflink.Cache.Backings;
using Reflink.Files.Pages;
using Reflink.Inodes;

namespace Reflink.Vm;

/// <summary>
/// Checks page-table entries and resolves what they do not answer: the fault handler. An entry is good while nothing it came
/// through was stamped later than it was made:
/// <code>
///                          mapping.Changed     private.Remapped    base.Remapped     frame.Changed
///   to load through it:         ≤ tick              ≤ tick             ≤ tick            ≤ tick
///   to store: besides it is writable, owner.Shared ≤ tick, frame.Shared ≤ tick, and the frame is dirty
/// </code>
/// </summary>
internal sealed class Paging
{
    private readonly VmServices _vm;
    private readonly FrameTable _frames;
    private readonly FaultAround _around;
    private readonly SwapAround _swapped;

    public Paging(VmServices vm) => (_vm, _frames, _around, _swapped) = (vm, vm.Cache.Frames, new FaultAround(vm, this), new SwapAround(vm, this, vm.SwapBatch));

    /// <summary>Whether a load through the entry reads the right bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool CanLoad(Vma vma, Entry entry)
    {
        var tick = entry.Tick;
        return tick >= vma.MappedAt && tick >= vma.Changed && !entry.IsEmpty
            && tick >= _frames[entry.Frame].Changed.Tick
            && (vma.Base is null || tick >= vma.Base.Remapped)
            && (vma.Private is null || tick >= vma.Private.Remapped);
    }

    /// <summary>Whether a store through the entry, which can be loaded through, changes only what it should.</summary>
    public bool CanStore(Vma vma, Entry entry) =>
        IsStillWritable(vma, entry) && (_frames[entry.Frame].Flags & FrameFlags.Dirty) != 0;

    /// <summary>Finds the frame for an access that the entry does not serve, and makes the entry that will.</summary>
    /// <exception cref="ReflinkException">ENOMEM, ENOSPC, EIO, or EFAULT behind the end of the file.</exception>
    public FrameNumber Fault(Process process, EntryTable entries, Vma vma, VirtualPage page, AccessKind access)
    {
        using var _ = _vm.Meter.As(process.Account);
        // Without a page of zeroes, a load from memory that was never written allocates as a store does.
        var store = access == AccessKind.Store || (!_vm.MapsZeroPage && vma.Base is null && !vma.IsFilled(vma.PageOf(page), out var _));
        var old = entries[page];
        var couldStore = store && IsStillWritable(vma, old) && (_frames[old.Frame].Flags & (FrameFlags.Dirty | FrameFlags.LazyFree)) != 0;
        var kind = KindOf(vma, store ? AccessKind.Store : AccessKind.Load, old);
        var ahead = _swapped.Expect(vma, page, old);
        var frame = store ? Store(process, vma, page, kind, out var result) : Load(process, entries, vma, page, kind, out result);
        if (result == CacheResult.Hole && _vm.Changes.Follows(Rule.HoleNotEntered))
        {
            // Filling the hole would have to find the entry; a walk each time is cheaper than knowing.
            return frame;
        }

        if (!ahead.IsEmpty)
        {
            _swapped.Read(process, vma, ahead, frame);
        }

        var isRefreshed = IsRefreshed(vma, old, frame);
        // Entries of pages whose bytes were given up stay writable.
        if ((store && !couldStore) || !isRefreshed)
        {
            _vm.Meter.Count(result == CacheResult.Read ? WorkKind.MajorFault : WorkKind.MinorFault);
            _vm.Meter.Tracing?.UserFault(page.Address, access, result == CacheResult.Read ? 1 : 0);
        }

        // A load that looks again takes nothing from an entry that could be stored through.
        entries[page] = Entry.Of(frame, _vm.Changes.Now, store || (isRefreshed && IsStillWritable(vma, old)));
        return frame;
    }

    /// <summary>Whether an entry leads to what a walk would find: good, or dead but to be refreshed without a fault.</summary>
    public bool LeadsToPresent(Vma vma, VirtualPage page, Entry entry)
    {
        if (entry.IsEmpty || entry.Tick < vma.MappedAt)
        {
            return false;
        }

        if (CanLoad(vma, entry))
        {
            return true;
        }

        var at = vma.PageOf(page);
        return vma.TryResolve(at, out var owner, out var block)
            && _vm.Cache.TryPeek(block, new PageLabel(owner.Number, at), out var frame)
            && frame == entry.Frame && entry.Tick >= _frames[frame].Loaded.Tick;
    }

    /// <summary>An access through a good entry, where each is told.</summary>
    public void Tell(Process process, Vma vma, VirtualPage page, AccessKind access, FrameNumber frame) =>
        _vm.Cache.Lists.Touch(frame, new PageUse(new PageLabel(default, vma.PageOf(page)), Told(access), process.Group));

    // How a policy is told. An entry that can be loaded through was used since its page was looked at last, so a store through it is no
    // second use.
    private AccessKind KindOf(Vma vma, AccessKind access, Entry old)
    {
        if (_vm.References == ReferenceTracking.Exact)
        {
            return Told(access);
        }

        if (vma.Pattern != Advice.Normal)
        {
            // vma_has_recency, include/linux/mm_inline.h.
            return AccessKind.None;
        }

        return access == AccessKind.Store
            ? CanLoad(vma, old) ? AccessKind.None : AccessKind.Store
            : (vma.Protection & Protection.Execute) != 0 ? AccessKind.Execute : AccessKind.Load;
    }

    private static AccessKind Told(AccessKind access) => access == AccessKind.Store ? AccessKind.Write : AccessKind.Read;

    private bool IsStillWritable(Vma vma, Entry entry) =>
        entry.IsWritable && vma.Owner is { } owner && entry.Tick >= owner.Shared && entry.Tick >= _frames[entry.Frame].Shared.Tick;

    /// <summary>
    /// Whether a dead entry leads to the same frame, which has held the same block since. It would not have died in a kernel that finds every entry of a frame, so no fault is
    /// counted. (A store must have been possible through it: the first one after write-back is a fault in the kernel too.)
    /// </summary>
    public bool IsRefreshed(Vma vma, Entry old, FrameNumber frame) =>
        !old.IsEmpty && old.Tick >= vma.MappedAt && old.Frame == frame && old.Tick >= _frames[frame].Loaded.Tick;

    private FrameNumber Load(Process process, EntryTable entries, Vma vma, VirtualPage page, AccessKind kind, out CacheResult result)
    {
        result = CacheResult.Hit;
        var at = vma.PageOf(page);
        if (vma.IsFilled(at, out var block))
        {
            return _vm.Cache.Get(block, UseOf(process, vma.Private!, at, kind), out result);
        }

        if (vma.Base is not { } file)
        {
            return _frames.Zero;
        }

        CheckEnd(file, at, page);
        if (_vm.FaultAroundPages > 1 && !vma.IsLocked)
        {
            _around.Map(process, entries, vma, page, kind);
        }

        var use = UseOf(process, file.Reader, at, kind);
        var frame = _vm.Pages.Get(file.Reader, use, out result);
        ReadAround(vma, file.Reader, use, frame, result);
        return frame;
    }

    private void ReadAround(Vma vma, Inode file, in PageUse use, FrameNumber frame, CacheResult result)
    {
        if (_vm.ReadAround is { } around && vma.Pattern != Advice.Random && frame != _frames.Zero)
        {
            vma.Faults.IsSequential = vma.Pattern == Advice.Sequential;
            around.AfterFault(vma.Faults, file, use, frame, result);
        }
    }

    private FrameNumber Store(Process process, Vma vma, VirtualPage page, AccessKind kind, out CacheResult result)
    {
        var at = vma.PageOf(page);
        if (!vma.IsShared)
        {
            return Fill(process, vma, at, kind, out result);
        }

        var file = vma.Base!;
        CheckEnd(file, at, page);
        var use = UseOf(process, file, at, kind);
        var frame = _vm.Pages.GetForWrite(file, use, PageContent.Keep, beneath: null, out result);
        ReadAround(vma, file, use, frame, result);
        _vm.Data.Touch(file);
        return frame;
    }

    /// <summary>Gives a private mapping a page of its own, with what showed there, and returns its frame.</summary>
    public FrameNumber Fill(Process process, Vma vma, PageIndex at, AccessKind kind, out CacheResult result)
    {
        if (!vma.IsFilled(at, out _) && vma.Base is { } file)
        {
            CheckEnd(file, at, vma.AddressOf(at));
        }

        vma.Private ??= _vm.Metadata.CreateNameless(InodeType.Private);
        return _vm.Pages.GetForWrite(vma.Private, UseOf(process, vma.Private, at, kind), PageContent.Keep, vma.Base, out result);
    }

    private static PageUse UseOf(Process process, Inode inode, PageIndex page, AccessKind access) =>
        new(inode.Number, page, access, process.Group, process.Node);

    private static void CheckEnd(Inode file, PageIndex at, VirtualPage page)
    {
        if (at.Value >= file.PageCount)
        {
            throw new ReflinkException(
                Errno.EFAULT, $"SIGBUS: address {page} shows page {at} of {file}, which ends at byte {file.Size}; map less or grow the file");
        }
    }
}
