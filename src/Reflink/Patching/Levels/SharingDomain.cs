namespace Reflink;

/// <summary>
/// Which processes may share the pages that equal changes make. Sharing saves memory, but a process that shares a page can find out by
/// timing that another one has it too, as with samepage merging.
/// </summary>
public enum SharingDomain
{
    /// <summary>All processes of the machine.</summary>
    Machine,

    /// <summary>The processes of one user.</summary>
    User,

    /// <summary>The process itself and its forked children.</summary>
    None,
}
