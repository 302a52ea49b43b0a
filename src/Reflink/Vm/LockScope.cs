namespace Reflink.Vm;

/// <summary>What mlockall(2) locks, by its numbers.</summary>
[Flags]
public enum LockScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>All mappings that there are (MCL_CURRENT).</summary>
    Current = 1,

    /// <summary>All mappings that are made from now on, until the process runs another program (MCL_FUTURE).</summary>
    Future = 2,

    /// <summary>With one of the others: no page is brought into memory for it, but each is locked when it comes in (MCL_ONFAULT).</summary>
    OnFault = 4,
}
