using Reflink.Units;

namespace Reflink.Elf;

/// <summary>Reads a file into memory and says in the library's words why it could not.</summary>
internal static class WholeFile
{
    /// <summary>Above the largest binaries there are, below what one array can hold.</summary>
    private const long Limit = 1L << 30;

    /// <summary>What a link in /proc/self/fd leads to, if that is a shell's pipe (proc(5)).</summary>
    private const string NamelessPipe = "pipe:[";

    internal static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Directory.Exists(path)
                ? throw new ReflinkException(Errno.EISDIR, $"'{path}' is a directory; name a file in it")
                : ReadFile(path);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReflinkException(Errno.ENOENT, $"'{path}' does not exist; name an executable or a shared library", cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw new ReflinkException(Errno.EACCES, $"'{path}' may not be read; change its mode or name a copy", cause);
        }
        catch (IOException cause)
        {
            throw new ReflinkException(Errno.EIO, $"'{path}' cannot be read: {cause.Message}; try a copy", cause);
        }
    }

    /// <summary>Reads as much as the file says it has: devices and pipes say zero, and are then refused for not being ELF.</summary>
    private static byte[] ReadFile(string path)
    {
        // Opening a pipe would wait for someone who writes to it. A link has a length
        // of its own, in /proc zero, so its end is looked at.
        var file = new FileInfo(path);
        var end = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (end is { Exists: true, Length: 0 } || end.Name.StartsWith(NamelessPipe, StringComparison.Ordinal))
        {
            return [];
        }

        using var handle = File.OpenHandle(path);
        var length = RandomAccess.GetLength(handle);
        if (length > Limit)
        {
            throw new ReflinkException(Errno.EFBIG, $"'{path}' has {length} bytes, more than {Limit}; name an executable or a shared library");
        }

        var bytes = new byte[length];
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(handle, bytes.AsSpan(read), read) is > 0 and var count)
        {
            read += count;
        }

        return read == bytes.Length ? bytes : bytes[..read];
    }
}
