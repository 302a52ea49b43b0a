namespace Reflink.Descriptions.Pieces;

/// <summary>How large a description may be. What is larger is refused with E2BIG or EFBIG, before anything is made of it.</summary>
public static class DescriptionLimits
{
    /// <summary>The most pieces of a description: 4,194,304.</summary>
    public const int MaxPieces = 1 << 22;

    /// <summary>The most bases of a description: 255.</summary>
    public const int MaxBases = 255;

    /// <summary>The most literal bytes of a description: 1 GiB.</summary>
    public const int MaxLiteralBytes = 1 << 30;

    /// <summary>The largest result and the largest base, in bytes: 2^58, the largest file.</summary>
    public const long MaxSize = 1L << 58;

    /// <summary>The most bytes that two files may have to be compared (<see cref="ChangeDescription.Between"/>): 2 GiB less one page.</summary>
    public const int MaxCompared = int.MaxValue - Page.Size + 1;

    internal static void CheckRange(long offset, long length, string what)
    {
        if (offset < 0 || length < 0 || offset > MaxSize || length > MaxSize - offset)
        {
            throw new ReflinkException(
                offset < 0 || length < 0 ? Errno.EINVAL : Errno.EFBIG, $"{what} [{offset},+{length}) is not within a file; offsets run from 0 to {MaxSize}");
        }
    }
}
