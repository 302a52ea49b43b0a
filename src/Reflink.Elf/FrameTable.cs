namespace Reflink.Elf;

/// <summary>Function entries of a file without symbols: what the unwinder knows.</summary>
internal static class FrameTable
{
    private const string SectionName = ".eh_frame";
    private const string StubPrefix = ".plt";

    /// <summary>The functions of the <c>.eh_frame</c> section or, without section headers, of the frame index; null if there is neither.</summary>
    internal static List<FunctionEntry>? Functions(ElfFile elf)
    {
        var functions = FromSection(elf) ?? FrameIndex.Functions(elf);
        var stubs = elf.Sections.Where(section => section.Name.StartsWith(StubPrefix, StringComparison.Ordinal)).ToArray();

        // One description covers all stubs of a procedure linkage table; that is no function.
        functions?.RemoveAll(function => Array.Exists(stubs, section => section.Holds(function.Address)));
        return functions;
    }

    private static List<FunctionEntry>? FromSection(ElfFile elf)
    {
        foreach (var section in elf.Sections)
        {
            if (section.Name == SectionName && section.Type != ElfSection.NoBits)
            {
                var region = FrameRegion.Make(elf.Image, section.Offset, section.Size, section.Address, SectionName);
                return new FrameReader(elf.Image, region).ReadAll();
            }
        }

        return null;
    }
}
