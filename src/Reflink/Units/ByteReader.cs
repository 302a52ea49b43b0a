using System.Buffers.Binary;

namespace Reflink.Units;

/// <summary>Takes out what a <see cref="ByteWriter"/> put in, in the same order.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What has not been taken.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether all was taken.</summary>
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>The next number.</summary>
    /// <exception cref="InvalidDataException">The bytes end, or are none of a writer's.</exception>
    public long Take()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = TakeRaw(1)[0];
            value |= unchecked((ulong)(next & 0x7F) << shift);
            if (next < 0x80)
            {
                return unchecked((long)(value >> 1) ^ -(long)(value & 1));
            }
        }

        throw new InvalidDataException("a number has no end");
    }

    /// <summary>The next number, which is a count or an index.</summary>
    /// <exception cref="InvalidDataException">It is negative or too large; or as for <see cref="Take"/>.</exception>
    public int TakeCount() => Take() is >= 0 and <= int.MaxValue and var count ? (int)count : throw new InvalidDataException("no count");

    /// <summary>The next number of eight bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes end.</exception>
    public ulong TakeFixed() => BinaryPrimitives.ReadUInt64LittleEndian(TakeRaw(sizeof(ulong)));

    /// <summary>The next bytes, of a given number.</summary>
    /// <exception cref="InvalidDataException">Fewer bytes are left.</exception>
    public ReadOnlySpan<byte> TakeRaw(int length)
    {
        if (length > _rest.Length)
        {
            throw new InvalidDataException("the bytes end too early");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    /// <summary>The next bytes that stand behind their number.</summary>
    /// <exception cref="InvalidDataException">Fewer bytes are left.</exception>
    public ReadOnlySpan<byte> TakeBytes() => TakeRaw(TakeCount());

    /// <summary>The next text.</summary>
    /// <exception cref="InvalidDataException">The bytes end too early, or are no text.</exception>
    public string? TakeText()
    {
        var length = Take();
        if (length == -1)
        {
            return null;
        }

        if (length < 0 || length > _rest.Length)
        {
            throw new InvalidDataException("no text");
        }

        var text = new char[length];
        foreach (ref var c in text.AsSpan())
        {
            c = TakeCount() is <= char.MaxValue and var unit ? (char)unit : throw new InvalidDataException("no text");
        }

        return new string(text);
    }
}
