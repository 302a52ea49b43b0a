using Reflink.Files;
using Reflink.Files.Host;

namespace Reflink;

/// <summary>Carries files between the host and a volume; holes stay holes.</summary>
public static class HostFiles
{
    private const int Chunk = 1 << 20;

    /// <summary>Copies a regular file of the host into a new file of the volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="hostPath">The host's file.</param>
    /// <param name="path">The new file's path in the volume.</param>
    /// <param name="progress">Told after every part up to which byte it is copied by now; what it throws ends the copying.</param>
    /// <param name="keepAttributes">Whether the new file gets the mode and the time of the host's, in nanoseconds since 1970; otherwise it is like any new file.</param>
    /// <exception cref="ReflinkException">
    /// EISDIR, EINVAL: no regular file; ESTALE: it changed while it was read; ENOENT, EACCES, EIO or whatever the host says; EEXIST,
    /// ENOSPC, ENOMEM. Nothing is left half done.
    /// </exception>
    /// <example><code>
    /// machine.Volume.Import("/etc/hostname", "/hostname");
    /// </code></example>
    public static void Import(this Volume volume, string hostPath, string path, IProgress<long>? progress = null, bool keepAttributes = false)
    {
        ArgumentNullException.ThrowIfNull(volume);
        ArgumentNullException.ThrowIfNull(path);
        PathWalker.CheckText(hostPath);
        using var source = new HostSource(hostPath);
        using var target = volume.Create(path);
        try
        {
            Copy(source.DataRanges(), (at, into) => source.Read(at, into.Span), (at, bytes) => WriteAll(target, at, bytes.Span), progress);
            source.RequireUnchanged();
            if (target.Size < source.Stat.Size)
            {
                target.Truncate(source.Stat.Size);
                progress?.Report(target.Size);
            }

            if (keepAttributes)
            {
                volume.SetMode(path, source.Stat.Permissions);
                volume.SetModified(path, source.Stat.ModifiedAt);
            }
        }
        catch
        {
            volume.Unlink(path);
            throw;
        }
    }

    /// <summary>Copies a file of the volume to the host, replacing what is there when all of it is on the disk.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">The file's path in the volume.</param>
    /// <param name="hostPath">The host's file; a pipe or a device is written to.</param>
    /// <param name="progress">Told after every part up to which byte it is copied by now; what it throws ends the copying.</param>
    /// <param name="keepAttributes">Whether the host's file gets the permissions and the time of the volume's; otherwise it keeps those that it had.</param>
    /// <exception cref="ReflinkException">ENOENT, EISDIR, EACCES, ENOSPC or whatever the host says; EIO, ENOMEM (volume). The host's file is as it was.</exception>
    /// <example><code>
    /// machine.Volume.Export("/lib", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
    /// </code></example>
    public static void Export(this Volume volume, string path, string hostPath, IProgress<long>? progress = null, bool keepAttributes = false)
    {
        ArgumentNullException.ThrowIfNull(volume);
        PathWalker.CheckText(hostPath);
        using var source = volume.Open(path);
        using var target = new HostTarget(hostPath);
        Copy(DataRanges(source), (at, into) => Invariant.Check(source.Read(at, into.Span) == into.Length), (at, bytes) => target.Write(at, bytes.Span), progress);
        target.SetLength(source.Size);
        if (keepAttributes)
        {
            target.SetAttributes(source.Inode.Mode, source.Inode.ModifiedAt);
        }

        target.Finish();
    }

    private static void Copy(IEnumerable<(long From, long To)> ranges, Action<long, Memory<byte>> read, Action<long, Memory<byte>> write, IProgress<long>? progress)
    {
        var buffer = new byte[Chunk];
        foreach (var (from, to) in ranges)
        {
            for (var at = from; at < to;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(Chunk, to - at));
                read(at, part);
                write(at, part);
                at += part.Length;
                progress?.Report(at);
            }
        }
    }

    private static IEnumerable<(long From, long To)> DataRanges(OpenFile file)
    {
        foreach (var extent in file.Inode.Map.Extents(new PageRange(default, file.Inode.PageCount)))
        {
            if (!extent.Block.IsZero)
            {
                yield return (extent.Start.Offset, Math.Min(extent.End.Offset, file.Size));
            }
        }
    }

    private static void WriteAll(OpenFile target, long at, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var written = target.Write(at, bytes);
            at += written;
            bytes = bytes[written..];
        }
    }
}
