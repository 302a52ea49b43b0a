namespace Reflink.Elf;

/// <summary>Reads the numbers and pointers of the frame table one after the other, and never behind the end it was given.</summary>
internal ref struct FrameCursor(ElfImage image, FrameRegion region, ulong position, ulong end)
{
    private const int LebBits = 7;
    private const int ValueBits = 64;

    /// <summary>The file offset of the next byte.</summary>
    internal ulong Position { get; private set; } = position;

    internal readonly ulong End => end;

    internal ReadOnlySpan<byte> Take(ulong length)
    {
        if (Position > end || length > end - Position)
        {
            throw image.Bad($"is malformed: its frame table breaks off at 0x{Position:x}; get a whole copy, or take the sites from its symbols");
        }

        var bytes = image.Slice(Position, length, "frame table");
        Position += length;
        return bytes;
    }

    internal byte U8() => Take(1)[0];

    internal uint U32() => ElfImage.U32(Take(sizeof(uint)), 0);

    internal ulong U64() => ElfImage.U64(Take(sizeof(ulong)), 0);

    internal ulong Uleb128()
    {
        var value = 0UL;
        for (var shift = 0; shift < ValueBits; shift += LebBits)
        {
            var digit = U8();
            value |= (digit & 0x7fUL) << shift;
            if (digit < 0x80)
            {
                return value;
            }
        }

        throw image.Bad($"is malformed: a number of its frame table at 0x{Position:x} does not end; take the sites from its symbols");
    }

    internal ulong Sleb128()
    {
        var start = Position;
        var value = Uleb128();
        var shift = LebBits * (int)(Position - start);
        var isNegative = (image.Slice(Position - 1, 1, "frame table")[0] & 0x40) != 0;
        return isNegative && shift < ValueBits ? value | (ulong.MaxValue << shift) : value;
    }

    /// <summary>The zero-terminated text.</summary>
    internal ReadOnlySpan<byte> Text()
    {
        var length = 0UL;
        var start = Position;
        while (U8() != 0)
        {
            length++;
        }

        return image.Slice(start, length, "frame table");
    }

    /// <summary>A pointer; <paramref name="data"/> is what data-relative ones are relative to, null where nothing is.</summary>
    internal ulong Pointer(byte encoding, ulong? data = null)
    {
        if ((encoding & PointerEncoding.RelativeMask) == PointerEncoding.Aligned)
        {
            var address = region.AddressOf(Position);
            Take(unchecked(0UL - address) % sizeof(ulong));
            return U64();
        }

        var here = region.AddressOf(Position);
        var value = Value(encoding);
        return unchecked(value + Base(encoding, here, data));
    }

    /// <summary>The number without what it is relative to, sign-extended if its format is signed.</summary>
    internal ulong Value(byte encoding) => (encoding & PointerEncoding.FormatMask) switch
    {
        PointerEncoding.Absolute or PointerEncoding.U64 or PointerEncoding.S64 => U64(),
        PointerEncoding.Uleb128 => Uleb128(),
        PointerEncoding.Sleb128 => Sleb128(),
        PointerEncoding.U16 => ElfImage.U16(Take(sizeof(ushort)), 0),
        PointerEncoding.S16 => unchecked((ulong)(short)ElfImage.U16(Take(sizeof(ushort)), 0)),
        PointerEncoding.U32 => U32(),
        PointerEncoding.S32 => unchecked((ulong)(int)U32()),
        _ => throw Unknown(encoding),
    };

    private readonly ulong Base(byte encoding, ulong here, ulong? data) => (encoding & ~PointerEncoding.FormatMask) switch
    {
        PointerEncoding.Absolute => 0,
        PointerEncoding.ToPointer => here,
        PointerEncoding.ToData when data is { } known => known,
        _ => throw Unknown(encoding),
    };

    private readonly ReflinkException Unknown(byte encoding) =>
        image.Bad($"has a frame table with pointer encoding 0x{encoding:x2}, which this library does not know; take the sites from its symbols");
}
