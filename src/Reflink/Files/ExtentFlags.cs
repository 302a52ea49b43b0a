namespace Reflink.Files;

/// <summary>What FIEMAP says of an extent, with the bits of linux/fiemap.h.</summary>
[Flags]
public enum ExtentFlags
{
    /// <summary>Written, on the disk, and of this file alone.</summary>
    None = 0,

    /// <summary>The last one of the answer.</summary>
    Last = 0x1,

    /// <summary>Where it will lie on the disk is not known yet.</summary>
    Unknown = 0x2,

    /// <summary>It was not written to the disk yet (delayed allocation); <see cref="Unknown"/> comes with it.</summary>
    Delayed = 0x4,

    /// <summary>The bytes are made on demand, from other blocks (FIEMAP's word for what must be decoded): a derived page.</summary>
    Encoded = 0x8,

    /// <summary>Space is kept, and nothing was written: it reads as zeroes.</summary>
    Unwritten = 0x800,

    /// <summary>Others own the blocks, too, so that a write copies.</summary>
    Shared = 0x2000,
}
