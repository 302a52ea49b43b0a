using Reflink.Files;
using Reflink.Files.Host;
using Reflink.Inodes;

namespace Reflink;

/// <summary>
/// Carries directories with all that is in them between the host and a volume: files with their holes, hard links, symbolic links, modes,
/// times and extended attributes. Owners, and the times of symbolic links, are not carried.
/// </summary>
public static class HostTrees
{
    /// <summary>Copies a directory of the host to a new directory of the volume.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="hostPath">The host's directory.</param>
    /// <param name="path">The new directory's path in the volume.</param>
    /// <param name="progress">Told how many bytes of files are copied so far; what it throws ends the copying.</param>
    /// <returns>The paths of the host that were left out, because they are neither files, directories nor symbolic links.</returns>
    /// <exception cref="ReflinkException">As for <see cref="HostFiles.Import"/>. What was copied before stays: a volume that is not synced afterwards is as it was.</exception>
    public static IReadOnlyList<string> ImportTree(this Volume volume, string hostPath, string path, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(volume);
        PathWalker.CheckText(hostPath);
        if (!Directory.Exists(hostPath))
        {
            throw new ReflinkException(Errno.ENOTDIR, $"the host's '{hostPath}' is no directory; name one, or copy a file without -r");
        }

        var import = new TreeImport(volume, progress);
        import.Copy(new DirectoryInfo(hostPath), path);
        return import.LeftOut;
    }

    /// <summary>Copies a directory of the volume to a new directory of the host.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="path">The directory's path in the volume.</param>
    /// <param name="hostPath">The host's directory; it must not be there.</param>
    /// <param name="progress">Told how many bytes of files are copied so far; what it throws ends the copying.</param>
    /// <exception cref="ReflinkException">EEXIST; as for <see cref="HostFiles.Export"/>. What was copied before stays.</exception>
    public static void ExportTree(this Volume volume, string path, string hostPath, IProgress<long>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(volume);
        PathWalker.CheckText(hostPath);
        if (Path.Exists(hostPath))
        {
            throw new ReflinkException(Errno.EEXIST, $"the host's '{hostPath}' exists; remove it or choose another name");
        }

        new TreeExport(volume, progress).Copy(path.TrimEnd('/'), hostPath);
    }

    /// <summary>Adds up the progress of files.</summary>
    private sealed class Sum(IProgress<long>? progress) : IProgress<long>
    {
        private long _before;

        public void Report(long value) => progress?.Report(_before + value);

        public void Add(long size) => Report((_before += size) - _before);
    }

    private sealed class TreeImport(Volume volume, IProgress<long>? progress)
    {
        private readonly Sum _sum = new(progress);
        private readonly Dictionary<(ulong Device, ulong Inode), string> _linked = [];

        public List<string> LeftOut { get; } = [];

        public void Copy(DirectoryInfo from, string to)
        {
            if (to.Trim('/').Length > 0)
            {
                volume.MakeDirectory(to);
            }

            foreach (var entry in from.EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                CopyEntry(entry, $"{to.TrimEnd('/')}/{entry.Name}");
            }

            SetAttributes(from.FullName, to);
        }

        private void CopyEntry(FileSystemInfo entry, string to)
        {
            if (entry.LinkTarget is { } target)
            {
                volume.MakeSymbolicLink(target, to);
            }
            else if (entry is DirectoryInfo directory)
            {
                Copy(directory, to);
            }
            else if (HostCalls.TryStat(entry.FullName) is { IsRegular: true } stat)
            {
                CopyFile(entry.FullName, stat, to);
            }
            else
            {
                LeftOut.Add(entry.FullName);
            }
        }

        private void CopyFile(string from, in HostStat stat, string to)
        {
            if (stat.Links > 1 && !_linked.TryAdd(stat.Identity, to))
            {
                volume.Link(_linked[stat.Identity], to);
                return;
            }

            volume.Import(from, to, _sum, keepAttributes: true);
            SetAttributes(from, to);
            _sum.Add(stat.Size);
        }

        private void SetAttributes(string from, string to)
        {
            foreach (var (name, value) in HostAttributes.Of(from))
            {
                volume.SetAttribute(to.Length == 0 ? "/" : to, name, value);
            }

            if (HostCalls.TryStat(from) is { IsDirectory: true } stat && to.Trim('/').Length > 0)
            {
                volume.SetMode(to, stat.Permissions);
                volume.SetModified(to, stat.ModifiedAt);
            }
        }
    }

    private sealed class TreeExport(Volume volume, IProgress<long>? progress)
    {
        private readonly Sum _sum = new(progress);
        private readonly Dictionary<InodeNumber, string> _linked = [];

        public void Copy(string from, string to)
        {
            try
            {
                Directory.CreateDirectory(to);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ReflinkException(Errno.EACCES, $"the host's '{to}' cannot be made: {e.Message}", e);
            }

            foreach (var (name, _) in volume.List(from.Length == 0 ? "/" : from))
            {
                CopyEntry($"{from}/{name}", Path.Combine(to, name));
            }

            SetAttributes(from.Length == 0 ? "/" : from, to);
        }

        private void CopyEntry(string from, string to)
        {
            var stat = volume.StatLink(from);
            if (stat.Type == InodeType.SymbolicLink)
            {
                File.CreateSymbolicLink(to, volume.ReadLink(from));
            }
            else if (stat.Type == InodeType.Directory)
            {
                Copy(from, to);
            }
            else if (stat.Links > 1 && !_linked.TryAdd(stat.Inode, to))
            {
                HostAttributes.Link(_linked[stat.Inode], to);
            }
            else
            {
                volume.Export(from, to, _sum, keepAttributes: true);
                SetAttributes(from, to);
                _sum.Add(stat.Size);
            }
        }

        // Attributes that the host does not take are left out, as cp -a does. A change of attributes changes no time of contents.
        private void SetAttributes(string from, string to)
        {
            foreach (var name in volume.ListAttributes(from))
            {
                _ = HostAttributes.TrySet(to, name, volume.GetAttribute(from, name).Span);
            }

            if (volume.Stat(from) is { Type: InodeType.Directory } stat)
            {
                using var directory = HostCalls.Open(to, HostCalls.ReadOnly);
                HostCalls.SetMode(directory, to, stat.Mode & FileModes.Everything);
                HostCalls.SetModified(directory, to, stat.ModifiedAt);
            }
        }
    }
}
