namespace Reflink.Elf;

/// <summary>The PT_LOAD segments, in order of address: what of the file is mapped where.</summary>
internal sealed class LoadMap
{
    private readonly ElfSegment[] _loads;

    internal LoadMap(ElfImage image, ElfSegment[] segments)
    {
        _loads = [.. segments.Where(segment => segment.Type == ElfSegment.Load)];
        for (var i = 0; i < _loads.Length; i++)
        {
            CheckOne(image, _loads[i]);
            CheckOrder(image, i == 0 ? 0 : _loads[i - 1].Address + _loads[i - 1].MemorySize, _loads[i]);
        }

        ExecutableRanges = [.. _loads.Where(load => load.IsExecutable && load.FileSize > 0).Select(Range).OrderBy(range => range.Start)];
        if (ExecutableRanges.Length == 0)
        {
            throw image.Bad("has no executable PT_LOAD segment, so no code to patch; name an executable or a shared library with code");
        }
    }

    internal FileRange[] ExecutableRanges { get; }

    /// <summary>The segment that maps the address from the file, or null.</summary>
    internal ElfSegment? At(ulong address)
    {
        var (low, high) = (0, _loads.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _loads[middle].Address <= address ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && _loads[low - 1].HoldsInFile(address) ? _loads[low - 1] : null;
    }

    /// <summary>The executable segment that maps the byte at a file offset, or null.</summary>
    internal ElfSegment? CodeAtOffset(long offset)
    {
        var found = Array.FindIndex(_loads, load => load.IsExecutable && Range(load).Contains(offset));
        return found < 0 ? null : _loads[found];
    }

    /// <summary>Bytes of memory from the first mapped page to the end of the last segment.</summary>
    internal ulong Span => _loads[^1].Address + _loads[^1].MemorySize - (_loads[0].Address & ~(ulong)(Reflink.Page.Size - 1));

    private static FileRange Range(ElfSegment load) => new((long)load.Offset, (long)(load.Offset + load.FileSize));

    private static void CheckOne(ElfImage image, ElfSegment load)
    {
        image.Slice(load.Offset, load.FileSize, "PT_LOAD segment");
        if (load.FileSize > load.MemorySize || load.MemorySize > ulong.MaxValue - load.Address)
        {
            throw image.Bad($"is malformed: the PT_LOAD segment at 0x{load.Address:x} does not fit its memory; get a whole copy");
        }
    }

    /// <summary>The gABI asks for ascending addresses; a file that breaks this would make "the segment at an address" ambiguous.</summary>
    private static void CheckOrder(ElfImage image, ulong end, ElfSegment load)
    {
        if (load.Address < end)
        {
            throw image.Bad($"is malformed: the PT_LOAD segment at 0x{load.Address:x} begins before the end of the one before; get a whole copy");
        }
    }
}
