using System.Text;

namespace Reflink.Cli.Tests.Made;

/// <summary>A program with three probes on two pages of code, one with a semaphore in the page before; see .note.stapsdt.</summary>
internal static class ProbedElf
{
    public const int NotesOffset = 0x3000;
    private const int NamesOffset = 0x3400;
    private const int SectionsOffset = 0x3600;
    private const ulong Address = 0x400000;

    public static byte[] Make()
    {
        var file = new byte[SectionsOffset + (3 * 64)];
        file.AsSpan(0x1000, 0x2000).Fill(0x90);
        byte[] notes = [.. Note(0x1020, "db\0query\0" + "8@%rdi -4@$5\0", 0x600), .. Note(0x1010, "db\0commit\0\0", 0), .. Note(0x2000, "db\0commit\0\0", 0)];
        var names = "\0.note.stapsdt\0.shstrtab\0"u8.ToArray();
        notes.CopyTo(file, NotesOffset);
        names.CopyTo(file, NamesOffset);
        Words(0x00010102464c457f, 0, 0x00000001003e0002, 0, 64, SectionsOffset, 0x0038_0040_0000_0000, 0x0002_0003_0040_0002).CopyTo(file, 0);
        Words(0x4_0000_0001, 0, Address, Address, 0x1000, 0x1000, 0x1000).CopyTo(file, 64);
        Words(0x5_0000_0001, 0x1000, Address + 0x1000, Address + 0x1000, 0x2000, 0x2000, 0x1000).CopyTo(file, 64 + 56);
        Words(0x7_0000_0001, 0, 0, NotesOffset, (ulong)notes.Length).CopyTo(file, SectionsOffset + 64);
        Words(0x3_0000_000f, 0, 0, NamesOffset, (ulong)names.Length).CopyTo(file, SectionsOffset + 128);
        return file;
    }

    private static byte[] Note(ulong offset, string strings, ulong semaphore)
    {
        byte[] description = [.. Words(Address + offset, 0, semaphore == 0 ? 0 : Address + semaphore), .. Encoding.UTF8.GetBytes(strings)];
        return [8, 0, 0, 0, .. BitConverter.GetBytes(description.Length), 3, 0, 0, 0, .. "stapsdt\0"u8, .. description, .. new byte[-description.Length & 3]];
    }

    private static byte[] Words(params ulong[] words) => [.. words.SelectMany(BitConverter.GetBytes)];
}
