namespace Reflink.Inodes;

/// <summary>Flags of an inode, with the bits of linux/fs.h (FS_IOC_SETFLAGS; chattr(1)).</summary>
[Flags]
public enum InodeFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The file cannot be changed, renamed, linked or deleted, nor can its attributes (FS_IMMUTABLE_FL).</summary>
    Immutable = 0x10,
}
