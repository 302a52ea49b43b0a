using Iced.Intel;

namespace Reflink.Elf;

/// <summary>Decodes instructions of one executable segment, at any address of it in turn.</summary>
internal sealed class CodeReader
{
    private const int Bitness = 64;
    private readonly ElfSegment _load;
    private readonly ByteArrayCodeReader _bytes;
    private readonly Decoder _decoder;

    internal CodeReader(ElfFile elf, ElfSegment load)
    {
        _load = load;
        _bytes = new(elf.Image.Kept(load.Offset, load.FileSize));
        _decoder = Decoder.Create(Bitness, _bytes);
    }

    /// <summary>The instruction that begins at an address of the segment; what is none, or is cut off by the segment's end, is invalid.</summary>
    internal Instruction At(ulong address)
    {
        if (_decoder.IP != address || _bytes.Position != (int)(address - _load.Address))
        {
            _bytes.Position = (int)(address - _load.Address);
            _decoder.IP = address;
        }

        _decoder.Decode(out var instruction);
        return instruction;
    }

    /// <summary>Whether the last instruction was invalid because the segment ended.</summary>
    internal bool WasCutOff => _decoder.LastError == DecoderError.NoMoreBytes;
}
