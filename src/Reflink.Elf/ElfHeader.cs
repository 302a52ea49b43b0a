namespace Reflink.Elf;

/// <summary>The ELF header of a linked x86-64 file: where its two tables are (System V gABI, "ELF Header").</summary>
internal readonly record struct ElfHeader(
    ulong SegmentOffset, ulong SegmentCount, ulong SectionOffset, ulong SectionCount, ulong NamesIndex)
{
    internal const int SegmentSize = 56;
    internal const int SectionSize = 64;
    private const int Size = 64;
    private const int Class64 = 2;
    private const int LittleEndian = 1;
    private const int Executable = 2;
    private const int SharedObject = 3;
    private const int MachineX64 = 62;

    /// <summary>PN_XNUM and SHN_XINDEX: the number did not fit and is in section header 0.</summary>
    private const ushort Extended = 0xffff;

    internal static ElfHeader Read(ElfImage image)
    {
        CheckIdentification(image);
        var header = image.Slice(0, Size, "ELF header");
        CheckKind(image, ElfImage.U16(header, 16), ElfImage.U16(header, 18));
        var read = new ElfHeader(
            ElfImage.U64(header, 32), ElfImage.U16(header, 56), ElfImage.U64(header, 40), ElfImage.U16(header, 60), ElfImage.U16(header, 62));
        CheckEntrySize(image, "program header", ElfImage.U16(header, 54), SegmentSize, read.SegmentCount);
        CheckEntrySize(image, "section header", ElfImage.U16(header, 58), SectionSize, read.SectionOffset);
        return read.SectionOffset == 0 ? read with { SectionCount = 0 } : read.Extend(image);
    }

    private static void CheckIdentification(ElfImage image)
    {
        if (image.Length < 4 || !image.Slice(0, 4, "magic number").SequenceEqual("\u007fELF"u8))
        {
            throw image.Bad("is not an ELF file; name an executable or a shared library of Linux");
        }

        var identification = image.Slice(0, 16, "identification");
        if (identification[4] != Class64)
        {
            throw image.Bad("is not a 64-bit ELF file; name a build for x86-64");
        }

        if (identification[5] != LittleEndian)
        {
            throw image.Bad("is not little endian; name a build for x86-64");
        }
    }

    private static void CheckKind(ElfImage image, int type, int machine)
    {
        if (machine != MachineX64)
        {
            throw image.Bad($"is for machine {machine}, and patches here are x86-64 instructions; name a build for x86-64 ({MachineX64})");
        }

        if (type is not (Executable or SharedObject))
        {
            throw image.Bad($"has ELF type {type}, which is not mapped as a program; name a linked executable or shared library");
        }
    }

    private static void CheckEntrySize(ElfImage image, string what, int size, int expected, ulong used)
    {
        if (used != 0 && size != expected)
        {
            throw image.Bad($"is malformed: a {what} of {size} bytes, where ELF64 has {expected}; get a whole copy");
        }
    }

    /// <summary>Numbers of 0xff00 and above stand in section header 0 (gABI, "Extended Section Header").</summary>
    private ElfHeader Extend(ElfImage image)
    {
        var first = image.Slice(SectionOffset, SectionSize, "first section header");
        return this with
        {
            SegmentCount = SegmentCount == Extended ? ElfImage.U32(first, 44) : SegmentCount,
            SectionCount = SectionCount == 0 ? ElfImage.U64(first, 32) : SectionCount,
            NamesIndex = NamesIndex == Extended ? ElfImage.U32(first, 40) : NamesIndex,
        };
    }
}
