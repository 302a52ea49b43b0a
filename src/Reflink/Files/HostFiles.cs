using Reflink.Units;

namespace Reflink.Files;

/// <summary>Carries files between the host and a volume.</summary>
public static class HostFiles
{
    private const int Chunk = 1 << 20;

    // The host reads ahead twice as far (posix_fadvise, POSIX_FADV_SEQUENTIAL); chunks need no buffer beside their own.
    private static readonly FileStreamOptions s_inTurn = new() { Options = FileOptions.SequentialScan, BufferSize = 0 };

    /// <summary>Copies a host file into a new file of the volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="hostPath">The host's file.</param>
    /// <param name="path">The new file's path in the volume.</param>
    /// <param name="progress">Told after every part how many bytes are there by now; what it throws ends the copying.</param>
    /// <exception cref="ReflinkException">ENOENT, EACCES or EIO (host), EEXIST, ENOSPC, ENOMEM; nothing is left half done.</exception>
    public static void Import(this Volume volume, string hostPath, string path, IProgress<long>? progress = null)
    {
        using var source = OnHost(hostPath, () => new FileStream(hostPath, s_inTurn));
        using var target = volume.Create(path);
        try
        {
            var buffer = new byte[Chunk];
            for (int read; (read = OnHost(hostPath, () => source.ReadAtLeast(buffer, Chunk, throwOnEndOfStream: false))) > 0;)
            {
                WriteAll(target, buffer.AsSpan(0, read));
                progress?.Report(target.Size);
            }
        }
        catch
        {
            volume.Unlink(path);
            throw;
        }
    }

    /// <summary>Copies a file of the volume to the host, replacing what is there.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">The file's path in the volume.</param>
    /// <param name="hostPath">The host's file.</param>
    /// <exception cref="ReflinkException">ENOENT, EACCES or EIO (host), EIO (volume); the host's file may then be incomplete.</exception>
    public static void Export(this Volume volume, string path, string hostPath)
    {
        using var source = volume.Open(path);
        using var target = OnHost(hostPath, () => File.Create(hostPath));
        var buffer = new byte[Chunk];
        int read;
        for (var offset = 0L; (read = source.Read(offset, buffer)) > 0; offset += read)
        {
            var length = read;
            OnHost(hostPath, () => target.Write(buffer, 0, length));
        }
    }

    private static void WriteAll(OpenFile target, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[target.Append(bytes)..];
        }
    }

    private static void OnHost(string path, Action action) => OnHost(path, () =>
    {
        action();
        return 0;
    });

    private static T OnHost<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReflinkException(Errno.ENOENT, $"the host has no '{path}'", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ReflinkException(Errno.EACCES, $"the host's '{path}': {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new ReflinkException(Errno.EIO, $"the host's '{path}': {e.Message}", e);
        }
    }
}
