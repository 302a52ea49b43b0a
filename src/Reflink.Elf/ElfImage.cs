using System.Buffers.Binary;
using Reflink.Units;

namespace Reflink.Elf;

/// <summary>The bytes of a file that claims to be ELF. Whatever the file says about offsets and sizes is checked here, once.</summary>
internal sealed class ElfImage(string path, byte[] bytes)
{
    internal string Path => path;

    internal ulong Length => (ulong)bytes.Length;

    /// <summary>The bytes, or ENOEXEC if the file ends before them.</summary>
    internal ReadOnlySpan<byte> Slice(ulong offset, ulong length, string what)
    {
        if (offset > Length || length > Length - offset)
        {
            throw Bad($"is truncated: its {what} needs {length} bytes at 0x{offset:x}, but the file has {Length}; get a whole copy");
        }

        return bytes.AsSpan((int)offset, (int)length);
    }

    /// <summary>The bytes for a reader that keeps them; they are checked already.</summary>
    internal ArraySegment<byte> Kept(ulong offset, ulong length) => new(bytes, (int)offset, (int)length);

    /// <summary>A table's bytes; a count that no file of this size can hold never becomes an allocation.</summary>
    internal ReadOnlySpan<byte> Table(ulong offset, ulong count, int entrySize, string what)
    {
        if (count > Length / (ulong)entrySize)
        {
            throw Bad($"is truncated: its {what} claims {count} entries, but the file has {Length} bytes; get a whole copy");
        }

        return Slice(offset, count * (ulong)entrySize, what);
    }

    /// <summary>The failure of a file that this library cannot use.</summary>
    internal ReflinkException Bad(string problem) => new(Errno.ENOEXEC, $"'{path}' {problem}");

    internal static ushort U16(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt16LittleEndian(from[at..]);

    internal static uint U32(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt32LittleEndian(from[at..]);

    internal static ulong U64(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadUInt64LittleEndian(from[at..]);
}
