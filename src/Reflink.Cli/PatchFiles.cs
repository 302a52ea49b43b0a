using Reflink.Elf;
using Reflink.Patching.Sets;
using Reflink.Studies.Comparison;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Patch sets in files.</summary>
internal static class PatchFiles
{
    /// <summary>Above what a million patches take.</summary>
    private const int MostText = 1 << 28;

    /// <summary>Reads a set in either format: JSON begins with a brace, and text never does.</summary>
    public static PatchSet Read(string path)
    {
        using var reader = HostText.Open(path, () => new StreamReader(path), "cannot be read; name a file that --save-patches wrote");
        var content = HostText.Read(reader, path, MostText, "patch set", "name a file that 'reflink patch make' or --save-patches wrote");
        using var again = new StringReader(content);
        return content.AsSpan().TrimStart() is ['{', ..] ? PatchSetJson.Read(again, path) : PatchSetText.Read(again, path);
    }

    /// <summary>Reads a set, which must be for that binary and not empty.</summary>
    public static PatchSet ReadFor(string path, ElfFile elf)
    {
        var set = Read(path);
        PatchFit.Check(elf, set, path);
        return set.Count > 0 ? set : throw new ReflinkException(Errno.EINVAL, $"'{path}' has no patches; add entries '0xOFFSET OLD NEW [NAME]'");
    }

    /// <summary>Formats as options spell them; the first is the usual one.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. Enum.GetNames<PatchFormat>().Select(name => name.ToLowerInvariant())];

    public static PatchFormat ParseFormat(string name) => Enum.Parse<PatchFormat>(name, ignoreCase: true);

    /// <summary>Writes to a file, or to standard output if none is named.</summary>
    public static void WriteTo(string? path, PatchSet set, PatchFormat format)
    {
        if (path is null or OptionKinds.Standard)
        {
            Write(Console.Out, set, format);
        }
        else
        {
            Write(path, set, format);
        }
    }

    public static void Write(TextWriter writer, PatchSet set, PatchFormat format)
    {
        if (format == PatchFormat.Json)
        {
            PatchSetJson.Write(set, writer);
        }
        else
        {
            PatchSetText.Write(set, writer);
        }
    }

    /// <summary>Writes the set (<see cref="HostOutput.Write"/>).</summary>
    public static void Write(string path, PatchSet set, PatchFormat format = PatchFormat.Text) => HostOutput.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream);
        Write(writer, set, format);
    });
}
