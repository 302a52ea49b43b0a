using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Reflink.Testing;

/// <summary>What earlier runs left in the temporary directory because they were killed: folders, and filesystems mounted in them.</summary>
public static partial class Leftovers
{
    /// <summary>How the names of everything that tests make there begin. The number of the process that made it follows.</summary>
    public const string Prefix = "reflink-";

    private const int DetachLazily = 2;

    /// <summary>Deletes everything whose process has ended. What cannot be deleted, because it is another user's, stays.</summary>
    public static void Delete() => Delete(Path.GetTempPath());

    /// <summary>The same in a folder.</summary>
    public static void Delete(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos(Prefix + "*"))
        {
            var process = Owner().Match(entry.Name).Groups["process"];
            if (process.Success && !Directory.Exists($"/proc/{process.Value}"))
            {
                Delete(entry);
            }
        }
    }

    private static void Delete(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo directory && entry.LinkTarget is null)
            {
                Unmount(entry.FullName + "/");
                directory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{entry.FullName} was left by an earlier run and cannot be deleted: {e.Message}"));
        }
    }

    private static void Unmount(string below)
    {
        foreach (var mount in File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1]).ToList())
        {
            if (mount.StartsWith(below, StringComparison.Ordinal))
            {
                _ = Unmount(mount, DetachLazily);
            }
        }
    }

    [GeneratedRegex("^reflink-[a-z-]+-(?<process>[0-9]+)(-|$)")]
    private static partial Regex Owner();

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount(string path, int flags);
}
