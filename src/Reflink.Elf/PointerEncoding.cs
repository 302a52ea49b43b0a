namespace Reflink.Elf;

/// <summary>
/// How a pointer of the frame table is stored: DW_EH_PE_* (LSB, "DWARF Exception Header Encoding"). The low four bits are the
/// format, the next three what the value is relative to.
/// </summary>
internal static class PointerEncoding
{
    internal const byte Absolute = 0x00;
    internal const byte Omitted = 0xff;

    internal const byte FormatMask = 0x0f;
    internal const byte Uleb128 = 0x01;
    internal const byte U16 = 0x02;
    internal const byte U32 = 0x03;
    internal const byte U64 = 0x04;
    internal const byte Sleb128 = 0x09;
    internal const byte S16 = 0x0a;
    internal const byte S32 = 0x0b;
    internal const byte S64 = 0x0c;

    internal const byte RelativeMask = 0x70;
    internal const byte ToPointer = 0x10;
    internal const byte ToData = 0x30;
    internal const byte Aligned = 0x50;

    /// <summary>The value is the address of the pointer, which only a running process knows.</summary>
    internal const byte Indirect = 0x80;
}
