using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Vm;

/// <content>Finding the frame for an access, and changing the entries of single pages.</content>
public sealed unsafe partial class AddressSpace
{
    /// <summary>Gives a private mapping its own copy of a page and drops the entry that led past it.</summary>
    internal FrameNumber FillPrivate(Vma vma, PageIndex at)
    {
        var old = _entries[vma.AddressOf(at)];
        var frame = _paging.Fill(Process, vma, at, AccessKind.Store, out _);
        LockReplaced(vma, old, frame);
        if (_vm.Changes.Follows(Rule.FillDropsEntry))
        {
            SetEntry(vma.AddressOf(at), default);
        }

        return frame;
    }

    /// <summary>Leads the entry of a page, if it has one, to the frame that was put in place of the one it led to.</summary>
    internal void Reenter(Vma vma, VirtualPage page, FrameNumber frame)
    {
        var entry = _entries[page];
        if (!entry.IsEmpty && entry.Tick >= vma.MappedAt)
        {
            SetEntry(page, Entry.Of(frame, _vm.Changes.Now, writable: !_vm.Changes.Follows(Rule.ReentryProtected)));
            LockReplaced(vma, entry, frame);
        }
    }

    /// <summary>Gives a mapping a page of its own in place of a merged one, as a write fault does (FAULT_FLAG_UNSHARE, mm/memory.c).</summary>
    internal void BreakPage(Vma vma, PageIndex at)
    {
        var page = vma.AddressOf(at);
        var entry = _entries[page];
        var frame = FillPrivate(vma, at);
        if (!entry.IsEmpty && entry.Tick >= vma.MappedAt)
        {
            _entries[page] = Entry.Of(frame, _vm.Changes.Now, writable: false);
        }
    }

    private void Remember(VirtualPage page, FrameNumber frame)
    {
        _last = (page, _changes.Now, frame);
        _lastBytes = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(_vm.Cache.Frames.Bytes(frame)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private FrameNumber TranslateLoad(VirtualPage page) =>
        page.Value == _last.Page.Value && _changes.Now.Value == _last.At.Value ? _last.Frame : Translate(page, AccessKind.Load);

    private FrameNumber Translate(VirtualPage page, AccessKind access)
    {
        _vm.Cache.Frames.RequireOn();
        var vma = _vmas.Find(page) ?? throw Fault(page, "nothing is mapped there");
        var needed = access == AccessKind.Store ? Protection.Write : Protection.Read;
        if ((vma.Protection & needed) == 0)
        {
            throw Fault(page, $"the mapping allows {vma.Protection}, not {needed}");
        }

        return Translate(page, vma, access);
    }

    private FrameNumber Translate(VirtualPage page, Vma vma, AccessKind access)
    {
        var entry = _entries[page];
        if (_paging.CanLoad(vma, entry) && (access == AccessKind.Load || _paging.CanStore(vma, entry)))
        {
            if (_vm.References == ReferenceTracking.Exact)
            {
                _paging.Tell(Process, vma, page, access, entry.Frame);
            }
            else if (access == AccessKind.Load)
            {
                Remember(page, entry.Frame);
            }

            return entry.Frame;
        }

        DropLastLoad();
        Process.RequireRunning();
        if (access == AccessKind.Store)
        {
            _vm.Cache.Dirty.Throttle?.Balance();
        }

        var frame = _paging.Fault(Process, _entries, vma, page, access);
        LockReplaced(vma, entry, frame);
        if (access == AccessKind.Load && _vm.References == ReferenceTracking.Harvested && _entries[page] is var made && made.Frame == frame && made.Tick == _changes.Now)
        {
            Remember(page, frame);
        }

        return frame;
    }

    private void LockReplaced(Vma vma, Entry old, FrameNumber frame)
    {
        if (vma.IsLocked)
        {
            _vm.Locks.Replace(old, frame);
        }
    }

    private void SetEntry(VirtualPage page, Entry entry)
    {
        DropLastLoad();
        _entries[page] = entry;
    }

    private void DropLastLoad() => _last = default;
}
