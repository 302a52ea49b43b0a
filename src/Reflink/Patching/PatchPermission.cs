using Reflink.Vm;

namespace Reflink.Patching;

/// <summary>Who may change the code of a process: processes of the same user, and root, as with ptrace(2) (kernel/ptrace.c, ptrace_may_access).</summary>
internal static class PatchPermission
{
    /// <summary>Throws unless one process may change another, and both live.</summary>
    /// <exception cref="ReflinkException">EPERM, or ESRCH: the other has exited.</exception>
    public static void Check(Process by, Process process)
    {
        if (!process.IsAlive)
        {
            throw new ReflinkException(Errno.ESRCH, $"{process} has exited");
        }

        Check(by, process.User, process.ToString());
    }

    /// <summary>Throws unless a process may change what belongs to a user.</summary>
    /// <exception cref="ReflinkException">EPERM.</exception>
    public static void Check(Process by, User owner, string what)
    {
        if (by.User != owner && !by.User.IsRoot)
        {
            throw new ReflinkException(
                Errno.EPERM, $"{by} of {by.User.Name} may not change {what} of {owner.Name}; be root or {owner.Name}");
        }
    }

    /// <summary>Throws unless a process belongs to root.</summary>
    /// <exception cref="ReflinkException">EPERM.</exception>
    public static void CheckRoot(Process by, string what)
    {
        if (!by.User.IsRoot)
        {
            throw new ReflinkException(Errno.EPERM, $"{by} of {by.User.Name} may not {what}; be root");
        }
    }
}
