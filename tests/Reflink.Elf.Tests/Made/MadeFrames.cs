using System.Buffers.Binary;
using System.Text;

namespace Reflink.Elf.Tests.Made;

/// <summary>A frame table, entry by entry, as an assembler writes it.</summary>
internal sealed class MadeFrames
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    /// <summary>The address of the next byte.</summary>
    public ulong Here => MadeElf.FramesAddress + (ulong)_bytes.Count;

    /// <summary>Where a description's first pointer will be: behind its length and the distance to its CIE.</summary>
    public ulong PointerHere => Here + 8;

    /// <summary>Adds a CIE and returns its position.</summary>
    public int Cie(string augmentation, byte[] data, byte version = 1)
    {
        byte[] size = augmentation.StartsWith('z') ? [(byte)data.Length] : [];
        return Entry([0, 0, 0, 0, version, .. Encoding.ASCII.GetBytes(augmentation), 0, 1, 0x78, 16, .. size, .. data, 0x0c, 7, 8]);
    }

    /// <summary>Adds a CIE with that pointer encoding.</summary>
    public int Cie(byte encoding) => Cie("zR", [encoding]);

    /// <summary>Adds a description with already encoded address and length.</summary>
    public MadeFrames Fde(int cie, byte[] begin, byte[] range)
    {
        var distance = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(distance, _bytes.Count + 4 - cie);
        Entry([.. distance, .. begin, .. range, 0]);
        return this;
    }

    /// <summary>Adds a description the way GCC does: relative to the pointer, four bytes.</summary>
    public MadeFrames Fde(int cie, ulong address, int size) =>
        Fde(cie, BitConverter.GetBytes((int)((long)address - (long)PointerHere)), BitConverter.GetBytes(size));

    public MadeFrames End()
    {
        _bytes.AddRange(new byte[4]);
        return this;
    }

    public MadeFrames Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    private int Entry(byte[] body)
    {
        var at = _bytes.Count;
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, body.Length);
        _bytes.AddRange(length);
        _bytes.AddRange(body);
        return at;
    }
}
