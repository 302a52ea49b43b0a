using System.Globalization;
using Reflink.Units;

namespace Reflink.Studies.Scenarios;

/// <summary>
/// The folder of a run whose machine keeps its disk in files: <c>reflink-study-PROCESS-NUMBER</c> among the temporary files. A file <c>.lock</c> beside it is
/// locked as long as the run goes on, so what a killed process left behind is known by a lock that can be had, whatever process has its number now.
/// </summary>
internal sealed class RunDisk : IDisposable
{
    private const string Prefix = "reflink-study-";
    private const string Suffix = ".lock";

    private static long s_count;

    private readonly FileStream _lock;

    private RunDisk(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Makes a folder, and removes those whose process is gone.</summary>
    /// <param name="root">The folder that it is to be in.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static RunDisk Make(string root)
    {
        RemoveStale(root);
        while (true)
        {
            var path = System.IO.Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}"));

            // Another process that looks for stale ones may lock the file first: then it is removed at once, and the next number is free.
            if (!Directory.Exists(path) && TryLock(path + Suffix, FileMode.CreateNew) is { } held)
            {
                _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(path)
                    : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return new RunDisk(path, held);
            }
        }
    }

    /// <summary>Removes it.</summary>
    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _lock.Dispose();
    }

    private static void RemoveStale(string root)
    {
        foreach (var file in Directory.EnumerateFiles(root, Prefix + "*" + Suffix))
        {
            using var held = TryLock(file, FileMode.Open);
            if (held is not null && Directory.Exists(file[..^Suffix.Length]))
            {
                Directory.Delete(file[..^Suffix.Length], recursive: true);
            }
        }
    }

    // Nothing if somebody has it locked, or if it belongs to another user. The file goes with its lock.
    private static FileStream? TryLock(string file, FileMode mode)
    {
        try
        {
            return new FileStream(file, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is FileNotFoundException or UnauthorizedAccessException || (Errno)e.HResult is Errno.EAGAIN or Errno.EEXIST)
        {
            return null;
        }
    }
}
