using System.Text;

namespace Reflink.Elf;

/// <summary>
/// The probes that a program declares with <c>sys/sdt.h</c>: notes of type 3 of owner "stapsdt" (SystemTap wiki,
/// UserSpaceProbeImplementation). Each is three words (place, base, semaphore) and three strings
/// (provider, name, arguments).
/// </summary>
/// <remarks>
/// The notes are not loaded, so a prelinker that moves the program leaves them alone; it does move <c>.stapsdt.base</c>, and so the
/// difference between where that section is and where the note thinks it is corrects both addresses. A note that gives 0 does not know.
/// </remarks>
internal static class ProbeNotes
{
    internal const string Section = ".note.stapsdt";
    private const string BaseSection = ".stapsdt.base";
    private const uint ProbeType = 3;
    private const int WordsSize = 3 * sizeof(ulong);

    /// <summary>The probes, by offset. A note that cannot be used is left out, and added to <paramref name="unusable"/>.</summary>
    internal static List<Site> Find(ElfFile elf, List<ReflinkException> unusable)
    {
        var bases = Array.FindAll(elf.Sections, section => section.Name == BaseSection);
        var home = bases.Length > 0 ? bases[0].Address : 0;
        var sites = new List<Site>();
        foreach (var section in elf.SectionsNamed(Section))
        {
            var note = new NoteCursor(elf.Image, elf.Image.Slice(section.Offset, section.Size, Section));
            while (TryMove(ref note, unusable))
            {
                if (note.Type == ProbeType && note.Owner.SequenceEqual("stapsdt\0"u8))
                {
                    TryRead(elf, note.Content, home, sites, unusable);
                }
            }
        }

        return [.. sites.OrderBy(site => site.Offset).ThenBy(site => site.Name, StringComparer.Ordinal)];
    }

    // Behind a note whose length is wrong no other can be found.
    private static bool TryMove(ref NoteCursor note, List<ReflinkException> unusable)
    {
        try
        {
            return note.MoveNext();
        }
        catch (ReflinkException e)
        {
            unusable.Add(e);
            return false;
        }
    }

    private static void TryRead(ElfFile elf, ReadOnlySpan<byte> note, ulong home, List<Site> sites, List<ReflinkException> unusable)
    {
        try
        {
            sites.Add(Read(elf, note, home));
        }
        catch (ReflinkException e)
        {
            unusable.Add(e);
        }
    }

    private static Site Read(ElfFile elf, ReadOnlySpan<byte> note, ulong home)
    {
        if (note.Length < WordsSize)
        {
            throw elf.Image.Bad($"is malformed: a probe in {Section} has {note.Length} bytes, fewer than its addresses need; get a whole copy");
        }

        var strings = note[WordsSize..];
        var name = $"{Text(elf, ref strings, "provider")}:{Text(elf, ref strings, "name")}";
        var arguments = Text(elf, ref strings, "arguments", mayBeAny: true);
        var was = ElfImage.U64(note, 8);
        var shift = home == 0 || was == 0 ? 0 : unchecked(home - was);
        var place = unchecked(ElfImage.U64(note, 0) + shift);
        if (elf.CodeAt(place) is not { } offset)
        {
            throw elf.Image.Bad($"is malformed: the probe {name} is at address 0x{place:x}, which is no code; get a whole copy");
        }

        return new Site(offset, 1, name)
        {
            Kind = SiteKind.Sdt,
            Detail = arguments.Length > 0 ? arguments : null,
            Semaphore = Semaphore(elf, ElfImage.U64(note, 16), shift, name),
        };
    }

    private static long? Semaphore(ElfFile elf, ulong address, ulong shift, string name)
    {
        address = address == 0 ? 0 : unchecked(address + shift);
        return address == 0 ? null : elf.OffsetOf(address) ?? throw elf.Image.Bad(
            $"is malformed: the semaphore of the probe {name} is at address 0x{address:x}, which is not in the file; get a whole copy");
    }

    /// <summary>Takes a string off the note. Names are what users type, so they must be words; arguments must stay on a line.</summary>
    private static string Text(ElfFile elf, ref ReadOnlySpan<byte> strings, string what, bool mayBeAny = false)
    {
        var end = strings.IndexOf((byte)0);
        var text = end < 0 ? "" : Encoding.UTF8.GetString(strings[..end]);
        if (end < 0 || text.Any(char.IsControl) || (!mayBeAny && (end == 0 || text.Any(char.IsWhiteSpace))))
        {
            throw elf.Image.Bad($"is malformed: the {what} of a probe in {Section} {(end < 0 ? "does not end" : "is no word")}; get a whole copy");
        }

        strings = strings[(end + 1)..];
        return text;
    }
}
