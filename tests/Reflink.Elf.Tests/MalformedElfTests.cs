using System.Buffers.Binary;
using Reflink.Elf.Tests.Made;

namespace Reflink.Elf.Tests;

/// <summary>Files that are not what they should be, each with the reason it is refused.</summary>
public sealed class MalformedElfTests
{
    private const int FirstLoad = MadeElf.SegmentsOffset;
    private const int SecondLoad = FirstLoad + 56;

    [Theory]
    [InlineData(0, 1, 0x7eu, "not an ELF file")]
    [InlineData(4, 1, 1u, "not a 64-bit")]
    [InlineData(5, 1, 2u, "not little endian")]
    [InlineData(18, 2, 183u, "is for machine 183")]
    [InlineData(16, 2, 1u, "has ELF type 1")]
    [InlineData(16, 2, 4u, "has ELF type 4")]
    [InlineData(54, 2, 32u, "a program header of 32 bytes")]
    [InlineData(58, 2, 40u, "a section header of 40 bytes")]
    [InlineData(56, 2, 0u, "no executable PT_LOAD")]
    [InlineData(56, 2, 0xfffeu, "program header table")]
    [InlineData(60, 2, 0xfffeu, "section header table")]
    [InlineData(40, 4, 0x7fffffffu, "first section header")]
    [InlineData(44, 4, 0xffffffffu, "first section header")]
    [InlineData(SecondLoad + 4, 1, 4u, "no executable PT_LOAD")]
    [InlineData(SecondLoad + 8, 4, 0x7fffffffu, "PT_LOAD segment needs")]
    [InlineData(SecondLoad + 36, 4, 0xffffffffu, "PT_LOAD segment needs")]
    [InlineData(SecondLoad + 40, 2, 0u, "does not fit its memory")]
    [InlineData(SecondLoad + 16, 4, 0x10001u, "begins before the end of the one before")]
    public void A_wrong_field_is_named(int offset, int size, uint value, string reason)
    {
        var bytes = new MadeElf { Symbols = { new("f", MadeElf.TextAddress, 8) } }.Build();
        BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(bytes.AsSpan(offset));

        Expect.NotUsable(() => ElfFile.FromBytes("made", bytes), reason);
    }

    [Fact]
    public void A_segment_may_not_wrap_around_the_address_space()
    {
        var bytes = new MadeElf().Build();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(SecondLoad + 16), ulong.MaxValue - 10);

        Expect.NotUsable(() => ElfFile.FromBytes("made", bytes), "does not fit its memory");
    }

    [Fact]
    public void Absurd_counts_in_the_extended_header_are_no_allocation()
    {
        var bytes = new MadeElf().Build();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(MadeElf.SectionsOffset + 32), ulong.MaxValue);

        Expect.NotUsable(() => ElfFile.FromBytes("made", bytes), "claims 18446744073709551615 entries");
    }

    [Fact]
    public void Extended_counts_are_understood()
    {
        var bytes = new MadeElf { Symbols = { new("f", MadeElf.TextAddress, 8) } }.Build();
        Move(bytes, 56, MadeElf.SectionsOffset + 44, 0xffff);
        Move(bytes, 60, MadeElf.SectionsOffset + 32, 0);
        Move(bytes, 62, MadeElf.SectionsOffset + 40, 0xffff);

        Assert.Equal("f", FunctionSites.Find(ElfFile.FromBytes("made", bytes)).Single().Name);
    }

    [Fact]
    public void A_note_longer_than_the_notes_is_refused()
    {
        var bytes = new MadeElf { BuildId = [1, 2, 3, 4] }.Build();
        bytes[0x200] = 0xff;

        Expect.NotUsable(() => ElfFile.FromBytes("made", bytes), "a note is longer than the notes");
    }

    [Fact]
    public void Cut_anywhere_the_file_is_refused_or_still_whole_enough()
    {
        var whole = new MadeElf { Symbols = { new("f", MadeElf.TextAddress, 8) }, BuildId = [1] }.Build();
        for (var length = 0; length < MadeElf.SectionsOffset; length++)
        {
            Expect.NotUsable(() => ElfFile.FromBytes("made", whole[..length]), length < 4 ? "not an ELF file" : "truncated");
        }
    }

    [Fact]
    public void Symbols_without_their_names_are_refused()
    {
        var bytes = new MadeElf { Symbols = { new("f", MadeElf.TextAddress, 8) } }.Build();
        var symtab = MadeElf.SectionsOffset + (3 * 64);
        Assert.Equal(2, bytes[symtab + 4]);
        bytes[symtab + 40] = 0x77;

        Expect.NotUsable(() => FunctionSites.Find(ElfFile.FromBytes("made", bytes)), "should be in section 119");
    }

    /// <summary>Twenty names that share a tail of 200 bytes are 4,000 bytes of text in a table of 200.</summary>
    [Fact]
    public void Names_that_overlap_without_measure_are_refused()
    {
        var made = new MadeElf { Symbols = { new(new string('a', 200), MadeElf.TextAddress, 8) } };
        made.Symbols.AddRange(Enumerable.Range(1, 19).Select(i => new MadeSymbol(null, MadeElf.TextAddress + (ulong)i, 8)));
        var bytes = made.Build();
        Assert.Equal(20, FunctionSites.Find(ElfFile.FromBytes("made", bytes)).Count);
        for (var i = 0; i < 20; i++)
        {
            bytes[MadeElf.SymbolsOffset + ((i + 1) * 24)] = (byte)(i + 1);
        }

        Expect.NotUsable(() => FunctionSites.Find(ElfFile.FromBytes("made", bytes)), "overlap without measure");
    }

    private static void Move(byte[] bytes, int from, int to, ushort instead)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(to), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(from)));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(from), instead);
    }
}
