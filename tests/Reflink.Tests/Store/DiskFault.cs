namespace Reflink.Tests.Store;

/// <summary>How a disk goes wrong.</summary>
public enum DiskFault
{
    /// <summary>Writes and flushes are I/O errors.</summary>
    Fails,

    /// <summary>Writes find no room.</summary>
    Full,

    /// <summary>Writes are not done, though it says so.</summary>
    Lies,
}
