namespace Reflink.Descriptions.Content;

/// <summary>
/// A checksum of a window of bytes that moves on by one byte in constant time (Karp and Rabin, IBM Journal of Research and
/// Development 31:2, 1987): the bytes are the digits of a number, modulo 2^32.
/// </summary>
internal struct RollingSum
{
    private const uint Digit = 0x08104225;

    private readonly uint _leaving;

    /// <summary>The sum of the first window.</summary>
    public RollingSum(ReadOnlySpan<byte> window)
    {
        Value = Of(window);
        _leaving = 1;
        for (var i = 1; i < window.Length; i++)
        {
            _leaving = unchecked(_leaving * Digit);
        }
    }

    /// <summary>The sum of the present window.</summary>
    public uint Value { get; private set; }

    /// <summary>The sum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = 0U;
        foreach (var b in bytes)
        {
            sum = unchecked((sum * Digit) + b + 1);
        }

        return sum;
    }

    /// <summary>Moves the window on: its first byte leaves, the one behind it comes in.</summary>
    public void Move(byte leaves, byte enters) => Value = unchecked(((Value - (_leaving * (leaves + 1U))) * Digit) + enters + 1);
}
