using Reflink.Elf;
using Reflink.Patching;
using Reflink.Studies.Comparison;
using Reflink.Units;

namespace Reflink.Cli;

/// <summary>Patch sets in files.</summary>
internal static class PatchFiles
{
    /// <summary>Reads a set in either format: JSON begins with a brace, and text never does.</summary>
    public static PatchSet Read(string path)
    {
        using var reader = Open(path, () => new StreamReader(path), "cannot be read; name a file that --save-patches wrote");
        var content = reader.ReadToEnd();
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

    /// <summary>Writes the set; an existing file is replaced when all of it is written, and not before.</summary>
    public static void Write(string path, PatchSet set, PatchFormat format = PatchFormat.Text)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = Open(unfinished, () => new StreamWriter(unfinished), $"cannot be written, for '{path}'; name a place where it can"))
            {
                Write(writer, set, format);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(unfinished))
            {
                File.Delete(unfinished);
            }
        }
    }

    private static T Open<T>(string path, Func<T> open, string remedy)
    {
        try
        {
            return open();
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReflinkException(Errno.ENOENT, $"'{path}' {remedy}", cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new ReflinkException(Directory.Exists(path) ? Errno.EISDIR : Errno.EACCES, $"'{path}' {remedy}", cause);
        }
    }
}
