using System.Buffers.Binary;

namespace Reflink.Elf.Tests.Made;

/// <summary>The least ELF file: one executable segment from a page on to the end, no sections.</summary>
internal static class Flat
{
    public static ElfFile Elf(byte[] bytes, int start, ulong? memory = null)
    {
        var size = (ulong)(bytes.Length - start);
        ulong[] header = [0x00010102464c457f, 0, 0x00000001003e0003, 0, 64, 0, 0x0038_0040_0000_0000, 1];
        ulong[] load = [0x5_0000_0001, (ulong)start, (ulong)start, (ulong)start, size, memory ?? size, 0x1000];
        foreach (var (i, word) in header.Concat(load).Index())
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8 * i), word);
        }

        return ElfFile.FromBytes("made", bytes);
    }
}
