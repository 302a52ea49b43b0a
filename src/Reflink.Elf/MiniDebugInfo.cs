using SharpCompress.Compressors.Xz;

namespace Reflink.Elf;

/// <summary>
/// The symbols that distributions leave in stripped files so that stack traces have names: <c>.gnu_debugdata</c> is an ELF file with
/// a <c>.symtab</c>, compressed by xz (gdb's manual, "Debugging information in a special section").
/// </summary>
internal static class MiniDebugInfo
{
    internal const string Section = ".gnu_debugdata";

    // Real ones are below a megabyte. What claims more is not worth the memory.
    private const int Most = 256 << 20;

    /// <summary>The functions that it names, at the addresses of the file itself; empty if the file has none.</summary>
    internal static List<FunctionEntry> Functions(ElfFile elf)
    {
        foreach (var section in elf.SectionsNamed(Section))
        {
            var image = new ElfImage($"{elf.Path}:{Section}", Unpack(elf, section));
            return SymbolTable.Functions(image, ElfSection.ReadAll(image, ElfHeader.Read(image)), ElfSection.SymbolTable, null);
        }

        return [];
    }

    private static byte[] Unpack(ElfFile elf, ElfSection section)
    {
        _ = elf.Image.Slice(section.Offset, section.Size, Section);
        using var unpacked = new MemoryStream();
        try
        {
            using var packed = new XZStream(new Unended(elf.Image.Kept(section.Offset, section.Size).ToArray()));
            var buffer = new byte[1 << 16];
            for (int count; (count = packed.Read(buffer)) > 0;)
            {
                if (unpacked.Length + count > Most)
                {
                    throw elf.Image.Bad($"is malformed: its {Section} unpacks to more than {Most >> 20} MiB; get a whole copy");
                }

                unpacked.Write(buffer, 0, count);
            }
        }
        catch (Exception e) when (e is not (ReflinkException or OutOfMemoryException))
        {
            // The library throws whatever comes of a damaged stream.
            throw elf.Image.Bad($"is malformed: its {Section} cannot be unpacked ({e.Message}); get a whole copy");
        }

        return unpacked.ToArray();
    }

    // An xz stream says where it ends. SharpCompress goes on for ever if the bytes end first.
    private sealed class Unended(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => Some(base.Read(buffer, offset, count), count);

        public override int Read(Span<byte> buffer) => Some(base.Read(buffer), buffer.Length);

        public override int ReadByte() => base.ReadByte() is var read && read >= 0 ? read : throw Ended();

        private static int Some(int read, int wanted) => read > 0 || wanted == 0 ? read : throw Ended();

        private static EndOfStreamException Ended() => new("the xz stream ends early");
    }
}
