using Reflink.Units;

namespace Reflink.Studies.Comparison;

/// <summary>A process read other bytes than a flat copy of the text has: the mechanism, or the machine, is wrong.</summary>
public sealed class MismatchException : ReflinkException
{
    internal MismatchException(string what, Region region, long offset, byte found, byte expected)
        : base(
            Errno.EIO,
            $"{what}: {region.Process} reads {found:x2} at file offset 0x{offset:x} of {region.Path}, a flat copy has {expected:x2}; this is a bug, please report it")
    {
        Offset = offset;
    }

    /// <summary>The file offset of the first byte that differs.</summary>
    public long Offset { get; }
}
