namespace Reflink.Ksm.Partitions;

/// <summary>How a partition is opened, as by open(2), and how it is made.</summary>
[Flags]
public enum KsmOpenFlags
{
    /// <summary>To read counters.</summary>
    Read = 1,

    /// <summary>To merge and unmerge.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,

    /// <summary>Make the partition if it does not exist (KSM_CREAT).</summary>
    Create = 4,

    /// <summary>With <see cref="Create"/>: refuse if the partition exists (KSM_EXCL).</summary>
    Exclusive = 8,

    /// <summary>Make it without a scanner: pages are merged on request (KSM_SYNC).</summary>
    Synchronous = 16,

    /// <summary>Make it so that its pages may also be mapped to merged pages of the partition that it lies in, never the other way round.</summary>
    Inherit = 32,
}
