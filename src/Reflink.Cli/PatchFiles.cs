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

    /// <summary>
    /// Writes the set. A file is replaced when all of it is written, and not before; a link leads to what is replaced. Pipes and
    /// devices are written to.
    /// </summary>
    public static void Write(string path, PatchSet set, PatchFormat format = PatchFormat.Text)
    {
        if (Directory.Exists(path))
        {
            throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; name a file in it");
        }

        var target = Target(path);

        // A device or a pipe has no length. Nothing is lost by writing to an empty file as it is.
        if (target is { Exists: true, Length: 0 } or { LinkTarget: not null })
        {
            Fill(path, path, set, format);
            return;
        }

        var unfinished = $"{target.FullName}.{Environment.ProcessId}.tmp";
        try
        {
            Fill(unfinished, path, set, format);
            File.Move(unfinished, target.FullName, overwrite: true);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private static void Fill(string file, string path, PatchSet set, PatchFormat format)
    {
        using var writer = HostText.Open(path, () => new StreamWriter(file), "cannot be written; name a file, in a directory where you may write");
        Write(writer, set, format);
    }

    // What a link leads to, or the link, if that is not there yet or has no name, as pipes in /dev/fd.
    private static FileInfo Target(string path)
    {
        var file = new FileInfo(path);
        return file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } end ? end : file;
    }
}
