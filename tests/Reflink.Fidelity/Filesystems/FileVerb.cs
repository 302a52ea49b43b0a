namespace Reflink.Fidelity.Filesystems;

/// <summary>A system call on files.</summary>
public enum FileVerb
{
    /// <summary>pwrite.</summary>
    Write,

    /// <summary>ftruncate to the offset.</summary>
    Truncate,

    /// <summary>FICLONE of the other file onto this one.</summary>
    Clone,

    /// <summary>FICLONERANGE from the other file.</summary>
    CloneRange,

    /// <summary>FIDEDUPERANGE with this file as the source and two destinations: the other file, and this file at the other offset.</summary>
    Dedupe,

    /// <summary>copy_file_range from the other file.</summary>
    CopyRange,

    /// <summary>fallocate.</summary>
    Fallocate,

    /// <summary>lseek, from an offset that no file has: only errors are compared, since zeroes may be holes or not.</summary>
    Seek,

    /// <summary>fdatasync, which makes delayed allocations real.</summary>
    Sync,
}
