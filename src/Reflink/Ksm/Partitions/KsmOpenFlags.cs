
namespace Reflink.Ksm.Partitions;

/// <summary>How a partition is opened, as by open(2), and how it is made.</summary>
[Flags]
public enum KsmOpenFlags
{
    /// <summary>Only to look at.</summary>
    Read = 1,

    /// <summary>To merge and unmerge.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    ReadWrite = Read | Write,

    /// <summary>Made if there is none (KSM_CREAT).</summary>
    Create = 4,

    /// <summary>With <see cref="Create"/>: refused if there is one (KSM_EXCL).</summary>
    Exclusive = 8,

    /// <summary>Made without a scanner: pages are merged when somebody asks (KSM_SYNC).</summary>
    Synchronous = 16,

    /// <summary>Made so that its pages may also be mapped to merged pages of the partition that it lies in, never the other way.</summary>
    Inherit = 32,
}
