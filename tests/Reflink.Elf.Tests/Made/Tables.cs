namespace Reflink.Elf.Tests.Made;

/// <summary>The tables that list sites, made to order.</summary>
internal static class Tables
{
    public const ulong Base = 0x15000;
    public const ulong EntriesAddress = 0x16000;
    public const ulong SledsAddress = 0x17000;

    /// <summary>Notes as the assembler makes them of sys/sdt.h's macros.</summary>
    public static MadeSection Probes(params byte[][] descriptions) => new(".note.stapsdt", 7, 0, [.. descriptions.SelectMany(Note)]);

    public static MadeSection ProbeBase(ulong address = Base) => new(".stapsdt.base", 1, address, [0]);

    public static byte[] Probe(ulong place, string strings, ulong @base = Base, ulong semaphore = 0) =>
        [.. Words(place, @base, semaphore), .. System.Text.Encoding.UTF8.GetBytes(strings)];

    public static MadeSection Entries(params ulong[] words) => new("__patchable_function_entries", 1, EntriesAddress, Words(words));

    /// <summary>Relocations that fill in the words of <see cref="Entries"/>, one after the other.</summary>
    public static MadeSection Relocations(params ulong[] addends) => new(
        ".rela.dyn", 4, 0x400, [.. addends.SelectMany((addend, i) => Words(EntriesAddress + (8 * (ulong)i), 8, addend))]);

    public static MadeSection Sleds(params (ulong Address, ulong Function, byte Kind, byte Version)[] sleds) => new(
        "xray_instr_map", 1, SledsAddress, [.. sleds.SelectMany((sled, i) => Sled(sled, SledsAddress + (32 * (ulong)i)))]);

    /// <summary>A file with all of them.</summary>
    public static MadeElf All() => new()
    {
        Extras =
        {
            Probes(Probe(MadeElf.TextAddress, "p\0one\08@%rdi\0"), Probe(MadeElf.TextAddress + 9, "p\0two\0\0", semaphore: MadeElf.TableAddress + 0x500)),
            ProbeBase(),
            Entries(0, 0),
            Relocations(MadeElf.TextAddress, MadeElf.TextAddress + 0x100),
            Sleds((MadeElf.TextAddress + 0x80, MadeElf.TextAddress + 0x80, 0, 2), (MadeElf.TextAddress + 0x90, MadeElf.TextAddress + 0x80, 1, 2)),
        },
        Symbols = { new("f", MadeElf.TextAddress, 0x20), new("g", MadeElf.TextAddress + 0x80, 0x40) },
    };

    private static byte[] Note(byte[] description) =>
        [8, 0, 0, 0, .. BitConverter.GetBytes(description.Length), 3, 0, 0, 0, .. "stapsdt\0"u8, .. description, .. new byte[-description.Length & 3]];

    private static byte[] Sled((ulong Address, ulong Function, byte Kind, byte Version) sled, ulong at) =>
        [.. Words(unchecked(sled.Address - at), unchecked(sled.Function - at - 8)), sled.Kind, 0, sled.Version, .. new byte[13]];

    private static byte[] Words(params ulong[] words) => [.. words.SelectMany(word => BitConverter.GetBytes(word))];
}
