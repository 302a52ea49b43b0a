namespace Reflink.Elf;

/// <summary>A part of the file that is mapped as it is: the frame table, or the header of its index.</summary>
internal readonly record struct FrameRegion(ulong Offset, ulong Size, ulong Address)
{
    internal ulong End => Offset + Size;

    /// <summary>The address at which the byte of that file offset is mapped. Pointers may wrap, as they do in the unwinder.</summary>
    internal ulong AddressOf(ulong offset) => unchecked(offset - Offset + Address);

    /// <summary>The region that the file offset begins, if the region lies in the file.</summary>
    internal static FrameRegion Make(ElfImage image, ulong offset, ulong size, ulong address, string what)
    {
        image.Slice(offset, size, what);
        return new(offset, size, address);
    }
}
