using Reflink.Units;

namespace Reflink.Tests.Exercising;

/// <content>mremap(2).</content>
internal sealed partial class World
{
    /// <summary>Shrinks or grows a mapping where it is.</summary>
    public void Resize(int process, int slot, int pages, int wanted)
    {
        wanted = Math.Min(wanted, Slots - slot);
        var expected = IsOneMapping(process, slot, pages) ? (Errno?)null : Errno.EFAULT;
        if (expected is null && wanted > pages && (IsOneMapping(process, slot, pages + 1)
            || _memory[process].AsSpan(slot + pages, wanted - pages).ContainsAnyExcept((FlatPage?)null)))
        {
            expected = Errno.ENOMEM;
        }

        _notes?.Add($"p{process}: resize {pages} pages at {slot} to {wanted}{Attempted(expected)}");
        if (Try(expected, () => _processes[process].Memory.Remap(AddressOf(slot), Bytes(pages), Bytes(wanted), mayMove: false)))
        {
            Resized(_memory[process].AsSpan(slot, pages), wanted).CopyTo(_memory[process].AsSpan(slot));
            _memory[process].AsSpan(slot + wanted, Math.Max(0, pages - wanted)).Clear();
        }
    }

    /// <summary>Moves a mapping, at once or by way of wherever the machine puts it, and resizes it on the way.</summary>
    public void Move(int process, int slot, int pages, int wanted, int to, bool byWay)
    {
        wanted = Math.Min(wanted, Slots - to);
        byWay &= wanted > pages;
        var overlaps = to < slot + pages && slot < to + wanted;
        Errno? expected = !IsOneMapping(process, slot, pages) ? Errno.EFAULT : overlaps && !byWay ? Errno.EINVAL : null;
        _notes?.Add($"p{process}: move {pages} pages at {slot} to {to}, {wanted} pages{(byWay ? " by another place" : "")}{Attempted(expected)}");
        var memory = _processes[process].Memory;
        if (expected is not null)
        {
            Try(expected, () => memory.Remap(AddressOf(slot), Bytes(pages), Bytes(wanted), to: AddressOf(to)));
            return;
        }

        var moved = Resized(_memory[process].AsSpan(slot, pages), wanted);
        var address = AddressOf(slot);
        if (byWay)
        {
            if (!Try(null, () => address = memory.Remap(address, Bytes(pages), Bytes(wanted))))
            {
                return;
            }

            if (address == AddressOf(slot))
            {
                GrewInPlace(process, slot, moved);
                return;
            }

            _memory[process].AsSpan(slot, pages).Clear();
        }

        // The place is made free and the mapping cut before anything can fail.
        var done = Try(null, () => memory.Remap(address, Bytes(byWay ? wanted : pages), Bytes(wanted), to: AddressOf(to)));
        _memory[process].AsSpan(to, wanted).Clear();
        if (done)
        {
            _memory[process].AsSpan(byWay ? 0 : slot, byWay ? 0 : pages).Clear();
            moved.CopyTo(_memory[process].AsSpan(to));
        }
        else if (byWay)
        {
            memory.Unmap(address, Bytes(wanted));
        }
        else
        {
            _memory[process].AsSpan(slot + Math.Min(wanted, pages), Math.Max(0, pages - wanted)).Clear();
        }
    }

    // Perhaps beyond what is looked at.
    private void GrewInPlace(int process, int slot, ReadOnlySpan<FlatPage?> pages)
    {
        var fit = Math.Min(pages.Length, Slots - slot);
        if (fit < pages.Length)
        {
            _processes[process].Memory.Unmap(AddressOf(slot + fit), Bytes(pages.Length - fit));
        }

        pages[..fit].CopyTo(_memory[process].AsSpan(slot));
    }

    private bool IsOneMapping(int process, int slot, int pages) =>
        _processes[process].Memory.Find(AddressOf(slot)) is { } vma && vma.End >= s_first + (slot + pages);

    private static FlatPage?[] Resized(ReadOnlySpan<FlatPage?> pages, int wanted)
    {
        var first = pages[0]!;
        var resized = new FlatPage?[wanted];
        for (var i = 0; i < wanted; i++)
        {
            resized[i] = i < pages.Length ? pages[i] : new FlatPage(first.File, first.Index + i, first.Shared, first.Protection)
            {
                Level = first.Level,
                Partition = first.Partition,
            };
        }

        return resized;
    }
}
