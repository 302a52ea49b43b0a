using System.Buffers.Binary;
using System.Text;

namespace Reflink.Elf.Tests.Made;

/// <summary>A small ELF file, made to order: tables in the first page, code in the second, section headers behind.</summary>
/// <remarks>
/// Code is mapped 0x1000 further from its file offset than the tables are, as in libcoreclr.so, so that an address that is taken for a
/// file offset is always wrong.
/// </remarks>
internal sealed class MadeElf
{
    public const long TextOffset = 0x1000;
    public const int TextSize = 0x400;
    public const ulong TextAddress = 0x12000;
    public const ulong TableAddress = 0x10000;
    public const int IndexOffset = 0x300;
    public const int FramesOffset = 0x380;
    public const ulong FramesAddress = TableAddress + FramesOffset;
    public const int SegmentsOffset = 64;
    public const int SectionsOffset = 0x1800;
    public const int SymbolsOffset = 0x800;

    private const int NoteOffset = 0x200;
    private const int DynamicSymbolsOffset = 0xa00;
    private const int NamesOffset = 0xc00;
    private const int SectionNamesOffset = 0x1600;
    private const int ExtrasOffset = 0x1400;
    private readonly byte[] _file = new byte[0x1c00];
    private readonly StringTable _names = new();
    private readonly StringTable _sectionNames = new();
    private readonly List<byte[]> _segments = [];
    private readonly List<byte[]> _sections = [];

    public List<MadeSymbol> Symbols { get; } = [];

    public List<MadeSymbol> DynamicSymbols { get; } = [];

    public byte[]? Frames { get; set; }

    public byte[]? FrameIndex { get; set; }

    public byte[]? BuildId { get; set; }

    /// <summary>Sections of any sort, laid one behind the other into 512 bytes behind the code.</summary>
    public List<MadeSection> Extras { get; } = [];

    /// <summary>The file offset of the content of the first of the <see cref="Extras"/>; the next begins at the next multiple of 8.</summary>
    public static int FirstExtra => ExtrasOffset;

    /// <summary>Whether the sections say that they are code, as those of linked files do; .text ends where .plt begins then.</summary>
    public bool TextIsCode { get; set; }

    public bool HasSections { get; set; } = true;

    public bool HasNoteSegment { get; set; } = true;

    public byte[] Text { get; } = [.. Enumerable.Repeat((byte)0x90, TextSize)];

    public byte[] Build()
    {
        Text.CopyTo(_file, TextOffset);
        AddSegment(1, 4, 0, TableAddress, 0x1000);
        AddSegment(1, 5, (ulong)TextOffset, TextAddress, TextSize);
        AddSection("", 0, 0, 0, 0);
        AddSection(".text", 1, TextAddress, (ulong)TextOffset, TextIsCode ? 0x3c0u : TextSize, TextIsCode ? 6u : 0);
        AddSection(".plt", 1, TextAddress + 0x3c0, (ulong)TextOffset + 0x3c0, 0x40, TextIsCode ? 6u : 0);
        AddNote();
        AddFrames();
        AddExtras();
        AddSymbols(".symtab", 2, SymbolsOffset, Symbols);
        AddSymbols(".dynsym", 11, DynamicSymbolsOffset, DynamicSymbols);
        _names.Bytes.CopyTo(_file, NamesOffset);
        AddSection(".strtab", 3, 0, NamesOffset, (ulong)_names.Bytes.Length);
        WriteTables();
        return _file;
    }

    private void AddNote()
    {
        if (BuildId is not { } id)
        {
            return;
        }

        byte[] note = [4, 0, 0, 0, (byte)id.Length, 0, 0, 0, 3, 0, 0, 0, .. "GNU\0"u8, .. id];

        // Another owner's note of the same type goes first, with a name and a description that need padding.
        byte[] notes = [5, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, .. "Fake\0\0\0\0"u8, 7, 0, 0, 0, .. note];
        notes.CopyTo(_file, NoteOffset);
        if (HasNoteSegment)
        {
            AddSegment(4, 4, NoteOffset, TableAddress + NoteOffset, (ulong)notes.Length);
        }

        AddSection(".note", 7, TableAddress + NoteOffset, NoteOffset, (ulong)notes.Length);
    }

    private void AddFrames()
    {
        if (Frames is not null)
        {
            Frames.CopyTo(_file, FramesOffset);
            AddSection(".eh_frame", 1, FramesAddress, FramesOffset, (ulong)Frames.Length);
        }

        if (FrameIndex is not null)
        {
            FrameIndex.CopyTo(_file, IndexOffset);
            AddSegment(0x6474e550, 4, IndexOffset, TableAddress + IndexOffset, (ulong)FrameIndex.Length);
        }
    }

    private void AddExtras()
    {
        var at = ExtrasOffset;
        foreach (var extra in Extras)
        {
            var (name, type, address, content) = extra;
            content.CopyTo(_file, at);
            AddSection(name, type, address, (ulong)at, (ulong)content.Length, extra.Flags);
            at += (content.Length + 7) & ~7;
        }

        if (at > SectionNamesOffset || _sections.Count > 13)
        {
            throw new InvalidOperationException("so many sections do not fit a made file");
        }
    }

    /// <summary>The string table is the last section but one, which is where the links point.</summary>
    private void AddSymbols(string name, uint type, int offset, List<MadeSymbol> symbols)
    {
        if (symbols.Count == 0)
        {
            return;
        }

        var at = offset + 24;
        foreach (var symbol in symbols)
        {
            var entry = _file.AsSpan(at, 24);
            BinaryPrimitives.WriteUInt32LittleEndian(entry, symbol.Name is null ? 0u : (uint)_names.Add(symbol.Name));
            entry[4] = (byte)(0x10 | symbol.Type);
            entry[6] = (byte)(symbol.IsDefined ? 1 : 0);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], symbol.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[16..], symbol.Size);
            at += 24;
        }

        AddSection(name, type, 0, (ulong)offset, (ulong)(at - offset));
    }

    private void AddSegment(uint type, uint flags, ulong offset, ulong address, ulong size) =>
        _segments.Add(Words(type | ((ulong)flags << 32), offset, address, address, size, size, type == 1 ? 0x1000u : 4u));

    private void AddSection(string name, uint type, ulong address, ulong offset, ulong size, ulong flags = 0) =>
        _sections.Add(Words((uint)_sectionNames.Add(name) | ((ulong)type << 32), flags, address, offset, size, 0, 1, type is 2 or 11 ? 24u : 0u));

    private void WriteTables()
    {
        AddSection(".shstrtab", 3, 0, SectionNamesOffset, (ulong)_sectionNames.Bytes.Length + 10);
        _sectionNames.Bytes.CopyTo(_file, SectionNamesOffset);
        Words(0x00010102464c457f, 0, 0x00000001003e0003, 0, SegmentsOffset, HasSections ? SectionsOffset : 0ul).CopyTo(_file, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(54), 56);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(56), (ushort)_segments.Count);
        _segments.SelectMany(segment => segment).ToArray().CopyTo(_file, SegmentsOffset);
        if (HasSections)
        {
            WriteSections();
        }
    }

    private void WriteSections()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(60), (ushort)_sections.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(_file.AsSpan(62), (ushort)(_sections.Count - 1));
        foreach (var section in _sections)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(section.AsSpan(40), (uint)(_sections.Count - 2));
        }

        _sections.SelectMany(section => section).ToArray().CopyTo(_file, SectionsOffset);
    }

    private static byte[] Words(params ulong[] words) => [.. words.SelectMany(word => BitConverter.GetBytes(word))];

    private sealed class StringTable
    {
        private readonly List<byte> _bytes = [0];

        public byte[] Bytes => [.. _bytes];

        public int Add(string text)
        {
            _bytes.AddRange(Encoding.UTF8.GetBytes(text));
            _bytes.Add(0);
            return _bytes.Count - Encoding.UTF8.GetByteCount(text) - 1;
        }
    }
}
