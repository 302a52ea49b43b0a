using Reflink.Ksm.Partitions;
using Reflink.Ksm.Scanning;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Ksm;

/// <summary>An open partition (ksm_open()). Closing it takes a reference away; what is merged stays merged.</summary>
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
    /// Takes a range of a process's private mappings into the partition, and merges what is equal in it: at once, or, where a
    /// scanner goes, when it comes by. What the machine's own KSM had merged of it is unmerged first.
    /// </summary>
    /// <param name="process">Whose memory.</param>
    /// <param name="address">Where the range begins: whole pages.</param>
    /// <param name="length">Bytes, rounded up to whole pages; more than 0.</param>
    /// <param name="flags">How.</param>
    /// <returns>What was done; pages that are pinned are counted and may be asked for again (EAGAIN).</returns>
    /// <exception cref="ReflinkException">
    /// EBADF closed, removed, or not open for writing; EINVAL no range of whole pages; ESRCH; EPERM another user's process; EBUSY a part belongs to
    /// another partition; nothing has changed. ENOMEM a part is not mapped: the mapped parts are merged; or no memory to unmerge into. EIO.
    /// </exception>
    public MergeResult Merge(Process process, long address, long length, MergeFlags flags = MergeFlags.None)
    {
        Check(process);
        return _merging.Join(_by, Partition, process, address, length, flags);
    }

    /// <summary>Gives pages of their own to the parts of a range that are in the partition, and takes them out of it.</summary>
    /// <exception cref="ReflinkException">As <see cref="Merge"/>, without EBUSY.</exception>
    public void Unmerge(Process process, long address, long length)
    {
        Check(process);
        _merging.Part(_by, Partition, process, address, length);
    }

    /// <summary>Closes the descriptor; the partition goes if nobody uses it any more.</summary>
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
