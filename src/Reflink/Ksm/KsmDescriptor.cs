using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>An open partition (ksm_open()). Closing it releases a reference; merged pages stay merged.</summary>
public sealed class KsmDescriptor : IDisposable
{
    private readonly SamepageMerging _merging;
    private readonly KsmOpenFlags _flags;
    private readonly Process? _by;
    private bool _closed;

    internal KsmDescriptor(SamepageMerging merging, MergePartition partition, KsmOpenFlags flags, Process? by) =>
        (_merging, Partition, _flags, _by) = (merging, partition, flags, by);

    /// <summary>The partition.</summary>
    public MergePartition Partition { get; }

    /// <summary>
    /// Takes a range of a process's private mappings into the partition. Its pages are merged at once or, if the partition has a
    /// scanner, when that visits them. Pages that the machine's own KSM had merged are unmerged first.
    /// </summary>
    /// <param name="process">Whose memory.</param>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages; more than 0.</param>
    /// <param name="flags">How.</param>
    /// <returns>What was done; pinned pages are counted, and the call may be repeated for them (EAGAIN).</returns>
    /// <exception cref="ReflinkException">
    /// EBADF closed, removed, or not open for writing; EINVAL no range of whole pages; ESRCH; EPERM another user's process; EBUSY a part belongs to
    /// another partition; nothing has changed. ENOMEM a part is not mapped: the mapped parts are merged; or no memory to unmerge into. EIO.
    /// </exception>
    public MergeResult Merge(Process process, long address, long length, MergeFlags flags = MergeFlags.None)
    {
        ArgumentNullException.ThrowIfNull(process);
        Check(process);
        return _merging.Join(_by, Partition, process, address, length, flags);
    }

    /// <summary>Gives the parts of a range that are in the partition pages of their own, and takes them out of the partition.</summary>
    /// <exception cref="ReflinkException">As <see cref="Merge"/>, without EBUSY.</exception>
    public void Unmerge(Process process, long address, long length)
    {
        ArgumentNullException.ThrowIfNull(process);
        Check(process);
        _merging.Withdraw(_by, Partition, process, address, length);
    }

    /// <summary>Closes the descriptor; the partition is removed if nobody uses it any more.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            _merging.Close(Partition);
        }
    }

    private void Check(Process process)
    {
        if (_closed || Partition.IsRemoved || (_flags & KsmOpenFlags.Write) == 0)
        {
            throw new ReflinkException(
                Errno.EBADF, _closed ? "the descriptor is closed" : Partition.IsRemoved ? $"{Partition} was removed" : $"{Partition} is not open for writing; open it with KsmOpenFlags.Write");
        }

        MergePermission.Check(_by, process);
    }
}
