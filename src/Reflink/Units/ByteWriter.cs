using System.Buffers.Binary;

namespace Reflink.Units;

/// <summary>Bytes that grow as numbers and names are put behind one another; small numbers take few bytes. <see cref="ByteReader"/> takes them out.</summary>
internal sealed class ByteWriter
{
    private byte[] _bytes = new byte[256];

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; valid until the next is put.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Forgets all bytes.</summary>
    public void Clear() => Length = 0;

    /// <summary>Puts a number of any sign, seven bits a byte, the least first (LEB128 of the zigzag form).</summary>
    public void Put(long value)
    {
        var rest = unchecked((ulong)((value << 1) ^ (value >> 63)));
        var room = Room(10);
        var at = 0;
        for (; rest >= 0x80; rest >>= 7)
        {
            room[at++] = (byte)(rest & 0x7F | 0x80);
        }

        room[at++] = (byte)rest;
        Length += at;
    }

    /// <summary>Puts a number as eight bytes.</summary>
    public void PutFixed(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)), value);
        Length += sizeof(ulong);
    }

    /// <summary>Puts bytes as they are, without saying how many.</summary>
    public void PutRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Puts bytes behind their number.</summary>
    public void Put(ReadOnlySpan<byte> bytes)
    {
        Put(bytes.Length);
        PutRaw(bytes);
    }

    /// <summary>Puts a text, which may be null, as UTF-16: a name that is no valid Unicode comes back as it was.</summary>
    public void Put(string? text)
    {
        Put(text is null ? -1 : text.Length);
        foreach (var c in text ?? "")
        {
            Put(c);
        }
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)Length + length)));
        }

        return _bytes.AsSpan(Length, length);
    }
}
