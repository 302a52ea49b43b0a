using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <content>What happens to mappings, and through them.</content>
internal sealed partial class World
{
    public void Map(int process, int slot, int pages, int file, int filePage, bool shared, Protection protection)
    {
        _notes?.Add($"p{process}: map {pages} pages at {slot}: f{file} page {filePage}, {(shared ? "shared" : "private")}, {protection}");
        using var open = Open(file);
        var (misfits, missed) = (Machine.Overlays.Misfits, Machine.Uprobes.Missed);
        _processes[process].Memory.Map(
            open, (long)filePage << Page.Shift, (long)pages << Page.Shift, protection, shared ? MappingKind.Shared : MappingKind.Private, AddressOf(slot));
        for (var i = 0; i < pages; i++)
        {
            _memory[process][slot + i] = new FlatPage(_files[file], filePage + i, shared, protection) { Partition = PartitionOfNew(process, shared) };
        }

        Observe(process, _memory[process].AsSpan(slot, pages).ToArray()!, misfits, missed);
    }

    public void MapAnonymous(int process, int slot, int pages, bool shared, Protection protection)
    {
        _notes?.Add($"p{process}: map {pages} anonymous pages at {slot}, {(shared ? "shared" : "private")}, {protection}");
        _processes[process].Memory.MapAnonymous((long)pages << Page.Shift, protection, shared ? MappingKind.Shared : MappingKind.Private, AddressOf(slot));
        var file = shared ? new FlatFile { Size = pages * Page.Size } : null;
        for (var i = 0; i < pages; i++)
        {
            _memory[process][slot + i] = new FlatPage(file, i, shared, protection) { Partition = PartitionOfNew(process, shared) };
        }
    }

    public void Unmap(int process, int slot, int pages)
    {
        _notes?.Add($"p{process}: unmap {pages} pages at {slot}");
        _processes[process].Memory.Unmap(AddressOf(slot), (long)pages << Page.Shift);
        _memory[process].AsSpan(slot, pages).Clear();
    }

    public void Protect(int process, int slot, int pages, Protection protection)
    {
        var range = _memory[process].AsSpan(slot, pages);
        var expected = range.Contains(null) ? Errno.ENOMEM : (Errno?)null;
        _notes?.Add($"p{process}: protect {pages} pages at {slot}: {protection}{Attempted(expected)}");
        if (Try(expected, () => _processes[process].Memory.Protect(AddressOf(slot), (long)pages << Page.Shift, protection)))
        {
            foreach (var page in range)
            {
                page!.Protection = protection;
            }
        }
    }

    public void Load(int process, int slot) => _ = TryLoad(process, slot);

    private bool TryLoad(int process, int slot)
    {
        var page = _memory[process][slot];
        Errno? expected = page is null || (page.Protection & Protection.Read) == 0 || page.IsBehindTheEnd ? Errno.EFAULT : null;
        _notes?.Add($"p{process}: load {slot}{Attempted(expected)}");
        var bytes = _buffer.AsSpan(0, Page.Size);
        if (!Try(expected, () => _processes[process].Memory.Load(AddressOf(slot), _buffer.AsSpan(0, Page.Size))))
        {
            return false;
        }

        page!.Saw(bytes);
        Compare(bytes, page.Shown, $"page {slot} of p{process}");
        return true;
    }

    public void Store(int process, int slot, int offset, int length, byte value)
    {
        var page = _memory[process][slot];
        Errno? expected = page is null || (page.Protection & Protection.Write) == 0 || page.IsBehindTheEnd ? Errno.EFAULT : null;
        _notes?.Add($"p{process}: store {slot} [{offset},+{length}) = {value}{Attempted(expected)}");
        if (IsKnown(page, process, slot))
        {
            Put(page, offset, length, value, expected, bytes => _processes[process].Memory.Store(AddressOf(slot) + offset, bytes));
        }
    }

    public void DebugWrite(int process, int slot, int offset, int length, byte value)
    {
        var page = _memory[process][slot];
        var forbidden = page is { Shared: true } && (page.Protection & Protection.Write) == 0;
        Errno? expected = page is null || forbidden || page.IsBehindTheEnd ? Errno.EFAULT : null;
        _notes?.Add($"p{process}: debug-write {slot} [{offset},+{length}) = {value}{Attempted(expected)}");
        if (IsKnown(page, process, slot))
        {
            Put(page, offset, length, value, expected, bytes => _processes[process].Memory.DebugWrite(AddressOf(slot) + offset, bytes));
        }
    }

    public void Fork(int parent, int child)
    {
        _notes?.Add($"p{parent}: fork, the child is p{child}");
        if (parent != child)
        {
            _processes[child].Exit();
            _processes[child] = _processes[parent].Fork();
            _mergesAny[child] = _mergesAny[parent];
            _memory[child] = [.. _memory[parent].Select(page => page?.Fork())];
        }
    }

    public void Exec(int process)
    {
        _notes?.Add($"p{process}: exec");
        _processes[process].Exec("other");
        _memory[process].AsSpan().Clear();
    }

    public void Exit(int process)
    {
        _notes?.Add($"p{process}: exit, a new one starts");
        _processes[process].Exit();
        _processes[process] = Machine.Processes.Spawn(_users[process / 2], "new");
        _mergesAny[process] = false;
        _memory[process].AsSpan().Clear();
    }

    // A page that was given up is looked at before it is written, since afterwards it keeps what it has then.
    private bool IsKnown(FlatPage? page, int process, int slot) =>
        page is not { IsGivenUp: true } || ((page.Protection & Protection.Read) != 0 && TryLoad(process, slot));

    private void Put(FlatPage? page, int offset, int length, byte value, Errno? expected, Action<byte[]> store)
    {
        // Bytes behind the end of a file are the mapping's to write; but an operation that failed for want of memory may have
        // zeroed them or not, so they are only written where that cannot be.
        var end = page is { Shared: true } && !_kind.IsRoomy ? page.BytesInFile : Page.Size;
        var bytes = new byte[Math.Clamp(end - offset, 0, length)];
        bytes.AsSpan().Fill(value);
        if (bytes.Length > 0 && Try(expected, () => store(bytes)))
        {
            bytes.CopyTo(page!.Written()[offset..]);
        }
    }
}
