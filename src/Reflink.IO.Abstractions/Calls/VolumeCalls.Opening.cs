using Reflink.Files;

namespace Reflink.IO.Abstractions.Calls;

/// <content>Opening and copying files.</content>
internal sealed partial class VolumeCalls
{
    private const UnixFileMode ReadWriteAll = FileModes.File | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Opens a file as FileStream does: finds or makes it, takes the lock, and empties it only then.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="request">How; it was checked.</param>
    public VolumeStream Open(string path, OpenRequest request)
    {
        var isNew = request.Creates && TryStat(path) is null;
        var file = OpenFile(path, request);
        if (isNew)
        {
            Events.Created(path, NotifyFilters.FileName);
        }

        if (!_locks.TryTake(file.Inode.Number, request.Share))
        {
            file.Dispose();
            throw IoErrors.Locked(path);
        }

        var stream = new VolumeStream(this, file, path, request);
        try
        {
            Prepare(file, path, request);
        }
        catch (ReflinkException e)
        {
            stream.Abandon();
            throw Fault(e, path);
        }

        return stream;
    }

    /// <summary>Copies a file by cloning it: the copy shares all blocks, in constant time. Permissions and times are copied, too, as System.IO does.</summary>
    public void CloneFile(string source, string target, FileMode mode) => Copy(source, target, mode, (from, to) => volume.Clone(from.File, to.File));

    /// <summary>Copies a file byte by byte, so that the copy has blocks of its own.</summary>
    public void CopyBytes(string source, string target, FileMode mode) => Copy(source, target, mode, (from, to) => from.CopyTo(to, 1 << 20));

    /// <summary>Gives up a lock.</summary>
    public void Release(OpenFile file) => _locks.Release(file.Inode.Number);

    private OpenFile OpenFile(string path, OpenRequest request)
    {
        var flags = (request.Reads ? OpenFlags.Read : 0) | (request.Writes ? OpenFlags.Write : 0)
            | (request.Creates ? OpenFlags.Create : 0) | (request.Mode == FileMode.CreateNew ? OpenFlags.Exclusive : 0);
        try
        {
            return volume.Open(path, flags, (request.Permissions ?? ReadWriteAll) & ~mask);
        }
        catch (ReflinkException e) when (e.Error == Errno.EISDIR)
        {
            throw Fault(Errno.EACCES, path, e);
        }
        catch (ReflinkException e)
        {
            throw Fault(e, path);
        }
    }

    private void Prepare(OpenFile file, string path, OpenRequest request)
    {
        if (request.Mode is FileMode.Create or FileMode.Truncate)
        {
            file.Truncate(0);
            Events.Written(path);
        }

        if (request.Preallocated > 0)
        {
            try
            {
                file.Fallocate(FallocateMode.KeepSize, 0, request.Preallocated);
            }
            catch (ReflinkException)
            {
                DeleteFile(path);
                throw;
            }
        }
    }

    private void Copy(string source, string target, FileMode mode, Action<VolumeStream, VolumeStream> copy)
    {
        using var from = Open(source, new(source, FileMode.Open, FileAccess.Read));
        var stat = volume.Stat(from.File.Inode);
        using var to = Open(target, new(target, mode, FileAccess.ReadWrite, FileShare.None, Permissions: stat.Mode & FileModes.Everything));
        Call(target, () =>
        {
            copy(from, to);
            volume.SetMode(target, stat.Mode & FileModes.Everything);
            volume.SetTimes(target, stat.AccessedAt, stat.ModifiedAt);
        });
        Events.Written(target);
    }
}
