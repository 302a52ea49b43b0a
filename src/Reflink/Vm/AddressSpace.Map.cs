using Reflink.Inodes;

namespace Reflink.Vm;

/// <content>Making mappings.</content>
public sealed partial class AddressSpace
{
    /// <summary>Maps a file (mmap(2)).</summary>
    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <param name="offset">Where in the file the mapping begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages.</param>
    /// <param name="protection">What is allowed.</param>
    /// <param name="kind">Where stores go.</param>
    /// <param name="address">Where to map, replacing what is there (MAP_FIXED); 0 lets the machine choose.</param>
    /// <returns>The address.</returns>
    /// <exception cref="ReflinkException">EINVAL, EACCES, ENOMEM when no range is free, ESRCH.</exception>
    /// <example><code>
    /// var text = process.Memory.Map(file, 0, file.Size, Protection.ReadExecute);
    /// </code></example>
    public long Map(OpenFile file, long offset, long length, Protection protection, MappingKind kind = MappingKind.Private, long address = 0)
    {
        ArgumentNullException.ThrowIfNull(file);
        var shared = kind == MappingKind.Shared;
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
            start, Page.CountFor(length), protection, kind, file.Inode, PageIndex.Of(offset)) { MayWrite = !shared || file.CanWrite });
    }

    /// <summary>Maps memory without a file, private or shared with children (mmap(2), MAP_ANONYMOUS).</summary>
    /// <returns>The address.</returns>
    /// <exception cref="ReflinkException">EINVAL, ENOMEM when no range is free, ESRCH.</exception>
    /// <example><code>
    /// var heap = process.Memory.MapAnonymous(16 * Page.Size, Protection.ReadWrite);
    /// process.Memory.Store(heap, "hello"u8);
    /// </code></example>
    public long MapAnonymous(long length, Protection protection, MappingKind kind = MappingKind.Private, long address = 0)
    {
        if (kind == MappingKind.Private)
        {
            // Private pages are numbered by where they were first mapped, so that neighbours can be one mapping.
            return Place(length, address, start => new Vma(
                start, Page.CountFor(length), protection, kind, null, new PageIndex(start.Value)));
        }

        var memory = _vm.Metadata.CreateNameless(InodeType.Private);
        try
        {
            _vm.Metadata.Apply(Change.SetSize(memory.Number, Math.Max(0, length)));
            return Place(length, address, start => new Vma(start, Page.CountFor(length), protection, kind, memory, default));
        }
        finally
        {
            _vm.Metadata.Put(memory);
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
            var range = CheckedRange(address, length);
            UnmapRange(range);
            start = range.Start;
        }
        else
        {
            start = (length > s_top.Address ? null : _vmas.HighestGap(Page.CountFor(length), s_bottom, s_top))
                ?? throw new ReflinkException(Errno.ENOMEM, $"no {length} bytes of address space are free; unmap something");
        }

        var vma = make(start);
        (vma.IsLocked, vma.IsLockedOnFault) = (_locksNewMappings, _locksNewMappings && _locksOnFault);
        vma.StampMapped(_vm.Changes);
        Reference(vma);
        _vmas.Add(vma);
        _vm.Meter.Count(WorkKind.MappingChanged);
        _vm.Observers.ForEach(o => o.Mapped(Process, vma));
        MergeBefore(vma);
        if (_vmas.Find(start + Page.CountFor(length)) is { } behind)
        {
            MergeBefore(behind);
        }

        if (_locksNewMappings && _vmas.Find(start) is { } made)
        {
            TryPopulate(made);
        }

        return start.Address;
    }
}
