namespace Reflink.Elf;

/// <summary>
/// How many bytes of no-ops begin somewhere: the one-byte ones that GCC writes, and the long ones that Clang writes (Intel SDM,
/// "NOP", table of recommended forms, each with as many prefixes 0x66 as one likes and perhaps a 0x2e).
/// </summary>
internal static class NopRun
{
    private const byte Nop = 0x90;
    private const byte OperandSize = 0x66;
    private const byte CodeSegment = 0x2e;

    internal static int Length(ReadOnlySpan<byte> code)
    {
        var length = 0;
        while (One(code[length..]) is > 0 and var one)
        {
            length += one;
        }

        return length;
    }

    private static int One(ReadOnlySpan<byte> code)
    {
        var prefixes = 0;
        while (prefixes < code.Length && code[prefixes] is OperandSize or CodeSegment)
        {
            prefixes++;
        }

        var bare = code[prefixes..];
        var size = bare switch
        {
            [Nop, ..] => 1,
            [0x0f, 0x1f, 0x00, ..] => 3,
            [0x0f, 0x1f, 0x40, _, ..] => 4,
            [0x0f, 0x1f, 0x44, _, _, ..] => 5,
            [0x0f, 0x1f, 0x80, _, _, _, _, ..] => 7,
            [0x0f, 0x1f, 0x84, _, _, _, _, _, ..] => 8,
            _ => 0,
        };
        return size == 0 ? 0 : prefixes + size;
    }
}
