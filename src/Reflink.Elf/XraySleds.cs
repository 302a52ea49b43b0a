namespace Reflink.Elf;

/// <summary>
/// The sleds of LLVM's XRay: <c>xray_instr_map</c> is an array of records of 32 bytes: address, function, kind, always-instrument,
/// version, padding. In version 2 both addresses count from the field that holds them, so no relocation is needed
/// (LLVM, compiler-rt/lib/xray/xray_interface_internal.h).
/// </summary>
internal static class XraySleds
{
    internal const string Section = "xray_instr_map";
    private const int RecordSize = 32;
    private const int FunctionField = 8;
    private const int KindField = 16;
    private const int VersionField = 18;
    private const byte Version = 2;

    /// <summary>All sleds whose length is not in a jump over them have this one (compiler-rt/lib/xray/xray_x86_64.cpp).</summary>
    private const int UsualSize = 11;
    private const byte ShortJump = 0xeb;

    private static readonly string[] s_kinds = ["entry", "exit", "tail-exit", "log-arguments-entry", "custom-event", "typed-event"];

    internal static List<Site> Find(ElfFile elf, List<ReflinkException> unusable)
    {
        var sections = elf.SectionsNamed(Section);
        if (sections.Count == 0)
        {
            return [];
        }

        var sites = new List<Site>();
        var names = new SymbolNames(elf);
        foreach (var section in sections)
        {
            var records = elf.Image.Slice(section.Offset, section.Size, Section);
            if (records.Length % RecordSize != 0)
            {
                throw elf.Image.Bad($"is malformed: {Section} has {records.Length} bytes, which is no number of records of {RecordSize}; get a whole copy");
            }

            for (var at = 0; at < records.Length; at += RecordSize)
            {
                try
                {
                    sites.Add(Read(elf, names, records.Slice(at, RecordSize), unchecked(section.Address + (ulong)at)));
                }
                catch (ReflinkException e)
                {
                    unusable.Add(e);
                }
            }
        }

        return [.. sites.Distinct().OrderBy(site => site.Offset)];
    }

    private static Site Read(ElfFile elf, SymbolNames names, ReadOnlySpan<byte> record, ulong recordAddress)
    {
        if (record[VersionField] != Version)
        {
            throw elf.Image.Bad($"has XRay sleds of version {record[VersionField]}, not {Version}; compile it with Clang 12 or later");
        }

        var address = unchecked(recordAddress + ElfImage.U64(record, 0));
        var function = unchecked(recordAddress + FunctionField + ElfImage.U64(record, FunctionField));
        var kind = record[KindField];
        if (elf.CodeAt(address) is not { } offset || elf.CodeAt(function) is null || kind >= s_kinds.Length)
        {
            throw elf.Image.Bad(
                $"is malformed: {Section} has a sled of kind {kind} at address 0x{address:x} in the function at 0x{function:x}, "
                + "which are not all known kinds and code; get a whole copy");
        }

        return new Site(offset, Size(elf, offset, address), names.Place(address)) { Kind = SiteKind.Xray, Detail = s_kinds[kind] };
    }

    /// <summary>As far as the jump at its beginning goes, if it has one, and never behind the segment.</summary>
    private static long Size(ElfFile elf, long offset, ulong address)
    {
        var load = elf.LoadAt(address)!.Value;
        var room = (long)(load.FileSize - (address - load.Address));
        var code = elf.Read(offset, (int)Math.Min(2, room));
        return Math.Min(room, code is [ShortJump, < 0x80 and var over] ? 2 + over : UsualSize);
    }
}
