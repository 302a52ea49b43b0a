namespace Reflink.Cache.Simulation;

/// <summary>
/// A page of a trace as one number: that of its file in the upper 24 bits, its page within the file in the lower 40 (files up to
/// 4 PiB). Traces that number objects as they like use all 64 bits.
/// </summary>
public readonly record struct PageKey(ulong Value)
{
    private const int PageBits = 40;

    /// <summary>The page of a file.</summary>
    /// <param name="file">0 to 2^24 - 1.</param>
    /// <param name="page">0 to 2^40 - 1.</param>
    /// <exception cref="ReflinkException">EINVAL: another number.</exception>
    public static PageKey Of(int file, PageIndex page) => file is >= 0 and < 1 << 24 && page.Value is >= 0 and < 1L << PageBits
        ? new PageKey(((ulong)file << PageBits) | (ulong)page.Value)
        : throw new ReflinkException(Errno.EINVAL, $"page {page} of file {file}; a trace may name 2^24 files of 2^40 pages");

    /// <summary>What policies see of the page: the file's number as the inode's, and the page.</summary>
    public PageLabel Label => new(new InodeNumber((long)(Value >> PageBits)), new PageIndex((long)(Value & ((1ul << PageBits) - 1))));
}
