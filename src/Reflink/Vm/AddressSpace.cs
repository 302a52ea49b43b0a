using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reflink.Vm;

/// <summary>
/// What a process sees: its mappings, and loads and stores through them. Every length and address is in bytes; mappings are
/// whole pages.
/// </summary>
public sealed unsafe partial class AddressSpace
{
    private readonly VmServices _vm;
    private readonly Paging _paging;
    private readonly VmaList _vmas = new();
    private readonly ChangeCounter _changes;
    private EntryTable _entries = new();

    // The page that was loaded from last, when, and its frame, as in a processor's translation buffer: while nothing at all has
    // been stamped since, and this address space is as it was, its entry is as good as it was then.
    private (VirtualPage Page, Tick At, FrameNumber Frame) _last;
    private byte* _lastBytes;

    internal AddressSpace(VmServices vm, Paging paging) => (_vm, _paging, _changes) = (vm, paging, vm.Changes);

    /// <summary>The mappings, in order of address.</summary>
    public IReadOnlyList<Vma> Mappings => _vmas.All;

    internal Process Process { get; set; } = null!;

    /// <summary>The mapping at an address, if there is one.</summary>
    public Vma? Find(long address) => _vmas.Find(VirtualPage.Of(address));

    /// <summary>Copies bytes out of memory, faulting pages in.</summary>
    /// <exception cref="ReflinkException">EFAULT where nothing is mapped or loads are not allowed, ENOMEM, EIO, ESRCH.</exception>
    public void Load(long address, Span<byte> into)
    {
        if (into.Length == 1)
        {
            into[0] = Load<byte>(address);
            return;
        }

        while (into.Length > 0)
        {
            var within = (int)(address & (Page.Size - 1));
            var step = Math.Min(Page.Size - within, into.Length);
            var frame = TranslateLoad(VirtualPage.Of(address));
            _vm.Cache.Frames.Bytes(frame).Slice(within, step).CopyTo(into);
            address += step;
            into = into[step..];
        }
    }

    /// <summary>Loads one value of a few bytes, in the order of the host's bytes, faulting the page in.</summary>
    /// <exception cref="ReflinkException">EFAULT where nothing is mapped or loads are not allowed, ENOMEM, EIO, ESRCH.</exception>
    /// <example><code>
    /// var first = process.Memory.Load&lt;byte&gt;(address);
    /// </code></example>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Load<T>(long address)
        where T : unmanaged
    {
        var within = (int)(address & (Page.Size - 1));
        return address >> Page.Shift == _last.Page.Value && _changes.Now.Value == _last.At.Value && within + Unsafe.SizeOf<T>() <= Page.Size
            ? Unsafe.ReadUnaligned<T>(_lastBytes + within)
            : LoadAnew<T>(address);
    }

    /// <summary>Copies bytes into memory, faulting pages in and copying shared ones.</summary>
    /// <exception cref="ReflinkException">EFAULT where nothing is mapped or stores are not allowed, ENOMEM, ENOSPC, EIO, ESRCH. What lies before the page that failed is stored.</exception>
    /// <example><code>
    /// var heap = process.Memory.MapAnonymous(Page.Size, Protection.ReadWrite);
    /// process.Memory.Store(heap, "hello"u8);
    /// </code></example>
    public void Store(long address, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var within = (int)(address & (Page.Size - 1));
            var step = Math.Min(Page.Size - within, bytes.Length);
            var frame = Translate(VirtualPage.Of(address), AccessKind.Store);
            bytes[..step].CopyTo(_vm.Cache.Frames.Bytes(frame)[within..]);
            address += step;
            bytes = bytes[step..];
        }
    }

    /// <summary>
    /// Writes as a debugger does (ptrace POKETEXT, /proc/pid/mem): whatever the mapping allows, into a private page, which is
    /// filled beside the page table.
    /// </summary>
    /// <exception cref="ReflinkException">EFAULT where nothing is mapped or a shared mapping does not allow stores, ENOMEM, EIO, ESRCH.</exception>
    public void DebugWrite(long address, ReadOnlySpan<byte> bytes)
    {
        using var _ = Process.EnterCall();
        while (bytes.Length > 0)
        {
            var page = VirtualPage.Of(address);
            var vma = _vmas.Find(page) ?? throw Fault(page, "nothing is mapped there");
            if (vma.IsShared && (vma.Protection & Protection.Write) == 0)
            {
                throw Fault(page, "a shared mapping is only written where it allows it; force is for private ones (FOLL_FORCE in mm/gup.c)");
            }

            var within = (int)(address & (Page.Size - 1));
            var step = Math.Min(Page.Size - within, bytes.Length);
            var frame = vma.IsShared ? Translate(page, vma, AccessKind.Store) : FillPrivate(vma, vma.PageOf(page));
            bytes[..step].CopyTo(_vm.Cache.Frames.Bytes(frame)[within..]);
            address += step;
            bytes = bytes[step..];
        }
    }

    /// <summary>The pages of a mapping that have an entry, good or not.</summary>
    internal IEnumerable<VirtualPage> Entered(Vma vma) => _entries.Entered(vma.Range);

    /// <summary>Whether a page was used through its entry since the entry's accessed bit was cleared.</summary>
    internal bool IsAccessed(Vma vma, VirtualPage page) => _paging.CanLoad(vma, _entries[page]);

    /// <summary>Walks the pages of a mapping that are in memory and mapped, with their frames.</summary>
    internal IEnumerable<(VirtualPage Page, FrameNumber Frame)> Present(Vma vma)
    {
        foreach (var page in Entered(vma))
        {
            var entry = _entries[page];
            if (_paging.LeadsToPresent(vma, page, entry))
            {
                yield return (page, entry.Frame);
            }
        }
    }

    /// <summary>The entry of a page as fsck wants it: where it leads and what may be done through it now.</summary>
    internal (FrameNumber Frame, bool CanStore)? Usable(Vma vma, VirtualPage page)
    {
        var entry = _entries[page];
        return _paging.CanLoad(vma, entry) ? (entry.Frame, _paging.CanStore(vma, entry)) : null;
    }

    private ReflinkException Fault(VirtualPage page, string why) => Process.IsAlive
        ? new(Errno.EFAULT, $"SIGSEGV at {page}: {why}")
        : Process.Gone();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T LoadAnew<T>(long address)
        where T : unmanaged
    {
        var within = (int)(address & (Page.Size - 1));
        if (within + Unsafe.SizeOf<T>() <= Page.Size)
        {
            return Unsafe.ReadUnaligned<T>(ref _vm.Cache.Frames.Bytes(Translate(VirtualPage.Of(address), AccessKind.Load))[within]);
        }

        T value = default;
        Load(address, MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }
}
