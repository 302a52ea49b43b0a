using Reflink.Elf;
using Reflink.Patching;
using Reflink.Studies.Comparison;
using Reflink.Units;

namespace Reflink.Cli.Compare;

/// <summary>Patch sets in files.</summary>
internal static class PatchFiles
{
    /// <summary>Reads the set, which must be for that binary.</summary>
    public static PatchSet Read(string path, ElfFile elf)
    {
        using var reader = Open(path, () => new StreamReader(path), "cannot be read; name a file that --save-patches wrote");
        var set = PatchSetText.Read(reader, path);
        PatchFit.Check(elf, set, path);
        return set.Count > 0 ? set : throw new ReflinkException(Errno.EINVAL, $"'{path}' has no patches; add entries '0xOFFSET OLD NEW [NAME]'");
    }

    /// <summary>Writes the set; an existing file is replaced when all of it is written, and not before.</summary>
    public static void Write(string path, PatchSet set)
    {
        var unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = Open(unfinished, () => new StreamWriter(unfinished), $"cannot be written, for '{path}'; name a place where it can"))
            {
                PatchSetText.Write(set, writer);
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
