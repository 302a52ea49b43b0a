using Reflink.Vm;

namespace Reflink.Ksm.Partitions;

/// <summary>Who may have the memory of a process merged: root, the process itself, and other processes of its user, as with ptrace(2).</summary>
internal static class MergePermission
{
    /// <exception cref="ReflinkException">ESRCH: either has exited; EPERM.</exception>
    public static void Check(Process? by, Process process)
    {
        foreach (var one in (Process?[])[by, process])
        {
            if (one is { IsAlive: false })
            {
                throw new ReflinkException(Errno.ESRCH, $"{one} has exited");
            }
        }

        if (by is not null && !by.User.IsRoot && by.User != process.User)
        {
            throw new ReflinkException(Errno.EPERM, $"{by} of {by.User.Name} may not have memory of {process} of {process.User.Name} merged; let root or {process.User.Name} do it");
        }
    }

    /// <summary>Whether a user may open a partition with these flags.</summary>
    public static bool MayOpen(MergePartition partition, User? user, KsmOpenFlags flags)
    {
        if (user is null || user.IsRoot)
        {
            return true;
        }

        var (read, write) = user == partition.Owner
            ? (UnixFileMode.UserRead, UnixFileMode.UserWrite)
            : (UnixFileMode.OtherRead, UnixFileMode.OtherWrite);
        return ((flags & KsmOpenFlags.Read) == 0 || (partition.Mode & read) != 0) && ((flags & KsmOpenFlags.Write) == 0 || (partition.Mode & write) != 0);
    }
}
