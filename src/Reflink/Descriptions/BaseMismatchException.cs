namespace Reflink.Descriptions;

/// <summary>A base is not the version that a description was made for.</summary>
public sealed class BaseMismatchException : ReflinkException
{
    internal BaseMismatchException(int file, long? offset, string message)
        : base(Errno.ESTALE, message) => (Base, Offset) = (file, offset);

    /// <summary>Which base.</summary>
    public int Base { get; }

    /// <summary>The first byte of the base that is not as expected; where only a hash is known, the first byte of its range; null if the size or the root differs.</summary>
    public long? Offset { get; }
}
