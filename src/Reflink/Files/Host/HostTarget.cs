using Microsoft.Win32.SafeHandles;

namespace Reflink.Files.Host;

/// <summary>
/// A file of the host that gets new contents. They are written under another name beside it, and take its place when all are on
/// the disk: whatever fails before, the file is as it was. Pipes and devices are written to as they are, and links are followed.
/// <code>
///   a new file in the same directory ──bytes──▶ ──fsync──▶ ──rename──▶ the file ──fsync of the directory──▶
/// </code>
/// </summary>
internal sealed class HostTarget : IDisposable
{
    private const int NewFile = 0x1B6;

    private static readonly byte[] s_zeroes = new byte[1 << 16];

    private readonly string _path;
    private readonly string? _unfinished;
    private readonly SafeFileHandle _file;
    private long _written;

    /// <summary>Begins to write.</summary>
    /// <exception cref="ReflinkException">EISDIR; ENXIO: nobody reads from the pipe; ENOENT, EACCES, ENOSPC or whatever the kernel says.</exception>
    public HostTarget(string path)
    {
        _path = path;
        var old = HostCalls.TryStat(path);
        if (old is { IsDirectory: true })
        {
            throw new ReflinkException(Errno.EISDIR, $"the host's '{path}' is a directory; name a file in it");
        }

        if (old is { IsRegular: false })
        {
            _file = HostCalls.Open(path, HostCalls.WriteOnly);
            return;
        }

        _path = new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;
        (_file, _unfinished) = CreateBeside(_path);
        if (old is { } replaced)
        {
            // Where the owner cannot stay the same, nobody else gets the owner's rights.
            var isOwned = HostCalls.TrySetOwner(_file, replaced.Owner);
            HostCalls.SetMode(_file, path, replaced.Permissions & (isOwned ? FileModes.All : FileModes.Everything));
        }
    }

    /// <summary>Writes bytes behind what was written so far; zeroes lie between.</summary>
    public void Write(long at, ReadOnlySpan<byte> bytes)
    {
        if (_unfinished is not null)
        {
            HostCalls.WriteAt(_file, _path, at, bytes);
        }
        else
        {
            WriteZeroes(at);
            HostCalls.Write(_file, _path, bytes);
        }

        _written = at + bytes.Length;
    }

    /// <summary>Sets permission bits and the time of the last change, in nanoseconds since 1970. Bits that lend the owner's rights are left out.</summary>
    public void SetAttributes(UnixFileMode mode, long modifiedAt)
    {
        if (_unfinished is not null)
        {
            HostCalls.SetMode(_file, _path, mode & FileModes.Everything);
            HostCalls.SetModified(_file, _path, modifiedAt);
        }
    }

    /// <summary>Gives the file its length, in bytes.</summary>
    public void SetLength(long length)
    {
        if (_unfinished is not null)
        {
            HostCalls.Truncate(_file, _path, length);
        }
        else
        {
            WriteZeroes(length);
        }
    }

    /// <summary>Puts the new contents in place.</summary>
    public void Finish()
    {
        if (_unfinished is not null)
        {
            HostCalls.Sync(_file, _path);
            HostCalls.Rename(_unfinished, _path);
            using var directory = HostCalls.Open(DirectoryOf(_path), HostCalls.ReadOnly);
            HostCalls.Sync(directory, _path);
        }
    }

    /// <summary>Closes the file; new contents that were not put in place are deleted.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_unfinished is not null)
        {
            HostCalls.TryUnlink(_unfinished);
        }
    }

    // What an interrupted run left is not in the way, and not ours to delete.
    private static (SafeFileHandle File, string Path) CreateBeside(string path)
    {
        for (var n = 0; ; n++)
        {
            var unfinished = Path.Combine(DirectoryOf(path), $".reflink-{Environment.ProcessId}-{n}");
            try
            {
                return (HostCalls.Open(unfinished, HostCalls.WriteOnly | HostCalls.CreateNew, NewFile, of: path), unfinished);
            }
            catch (ReflinkException e) when (e.Error == Errno.EEXIST)
            {
            }
        }
    }

    private static string DirectoryOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    private void WriteZeroes(long end)
    {
        while (_written < end)
        {
            var part = s_zeroes.AsSpan(0, (int)Math.Min(end - _written, s_zeroes.Length));
            HostCalls.Write(_file, _path, part);
            _written += part.Length;
        }
    }
}
