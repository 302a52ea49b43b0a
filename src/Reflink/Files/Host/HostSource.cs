using Microsoft.Win32.SafeHandles;

namespace Reflink.Files.Host;

/// <summary>A regular file of the host that is read from its beginning to its end, and must stay as it is meanwhile.</summary>
internal sealed class HostSource : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;

    /// <summary>Opens a file, without waiting for anyone.</summary>
    /// <exception cref="ReflinkException">EISDIR, EINVAL: no regular file, or one that is made while it is read; ENOENT, EACCES or whatever the kernel says.</exception>
    public HostSource(string path)
    {
        _path = path;
        CheckRegular(HostCalls.TryStat(path) ?? throw new ReflinkException(Errno.ENOENT, $"the host has no '{path}'"));
        _file = HostCalls.Open(path, HostCalls.ReadOnly);
        try
        {
            Stat = HostCalls.Stat(_file, path);
            CheckRegular(Stat);
            if (Stat.Size == 0 && HasMore)
            {
                throw new ReflinkException(
                    Errno.EINVAL, $"the host's '{path}' says that it is empty and is not, as files of /proc that are made when they are read; copy it to a file of a disk first");
            }
        }
        catch (ReflinkException)
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>What the file was when it was opened.</summary>
    public HostStat Stat { get; }

    private bool HasMore => HostCalls.Read(_file, _path, Stat.Size, new byte[1]) > 0;

    /// <summary>The ranges of the file that hold data, in order; what lies between them is zeroes.</summary>
    public IEnumerable<(long From, long To)> DataRanges()
    {
        for (var at = 0L; at < Stat.Size && HostCalls.Seek(_file, _path, at, HostCalls.SeekData) is { } from && from < Stat.Size;)
        {
            at = Math.Min(HostCalls.Seek(_file, _path, from, HostCalls.SeekHole) ?? Stat.Size, Stat.Size);
            yield return (from, at);
        }
    }

    /// <summary>Reads all of the bytes that are asked for.</summary>
    /// <exception cref="ReflinkException">EIO; ESTALE: the file has become shorter.</exception>
    public void Read(long at, Span<byte> into)
    {
        while (into.Length > 0)
        {
            var read = HostCalls.Read(_file, _path, at, into);
            if (read == 0)
            {
                throw Changed($"it had {Stat.Size} bytes and now ends at {at}");
            }

            at += read;
            into = into[read..];
        }
    }

    /// <summary>Makes sure that what was read is one state of the file.</summary>
    /// <exception cref="ReflinkException">ESTALE: the file was changed meanwhile.</exception>
    public void RequireUnchanged()
    {
        var now = HostCalls.Stat(_file, _path);
        if (HasMore || now.Size != Stat.Size || now.ModifiedAt != Stat.ModifiedAt)
        {
            throw Changed(now.Size == Stat.Size ? "its bytes were written or it is made as it is read" : $"it had {Stat.Size} bytes and now has {now.Size}");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private ReflinkException Changed(string how) =>
        new(Errno.ESTALE, $"the host's '{_path}' changed while it was read: {how}; copy it again when nobody writes to it");

    private void CheckRegular(in HostStat stat)
    {
        if (!stat.IsRegular)
        {
            throw new ReflinkException(
                stat.IsDirectory ? Errno.EISDIR : Errno.EINVAL, $"the host's '{_path}' is {(stat.IsDirectory ? "a directory" : "a pipe, a socket or a device")}; name a regular file");
        }
    }
}
