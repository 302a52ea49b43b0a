using System.Buffers.Binary;
using Reflink.Elf;

namespace Reflink.Cli.Tests.Made;

/// <summary>The least ELF file that has code: a header, a segment an executable range, and bytes that differ.</summary>
internal static class TestElf
{
    public static ElfFile Make(int size, params (int Start, int End)[] ranges)
    {
        var bytes = new byte[size];
        new Random(7).NextBytes(bytes);
        var header = bytes.AsSpan(0, 64);
        header.Clear();
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], 0x00000001003e0003);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], (ushort)ranges.Length);
        foreach (var (i, (start, end)) in ranges.Index())
        {
            // Every segment has pages of its own in memory, even where two meet in a page of the file.
            var address = (ulong)(start + ((i + 1) * 0x100000));
            var length = (ulong)(end - start);
            foreach (var (word, value) in new ulong[] { 0x500000001, (ulong)start, address, address, length, length, 0x1000 }.Index())
            {
                BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(64 + (56 * i) + (8 * word)), value);
            }
        }

        return ElfFile.FromBytes("made", bytes);
    }
}
