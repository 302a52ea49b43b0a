namespace Reflink.Elf;

/// <summary>
/// What a common information entry says about the functions that refer to it (LSB, "The Common Information Entry Format"):
/// how their addresses are stored, and whether they are signal trampolines.
/// </summary>
internal readonly record struct FrameCie(byte PointerEncoding, bool IsSignalFrame)
{
    /// <summary>Reads what follows the entry's id.</summary>
    internal static FrameCie Read(ElfImage image, ref FrameCursor cursor)
    {
        var version = cursor.U8();
        if (version is not (1 or 3))
        {
            throw image.Bad($"has a frame table of version {version}, which this library does not know; take the sites from its symbols");
        }

        var augmentation = cursor.Text();
        cursor.Uleb128();
        cursor.Sleb128();
        _ = version == 1 ? cursor.U8() : cursor.Uleb128();
        return augmentation.IsEmpty ? default
            : augmentation[0] == 'z' ? ReadAugmentation(image, augmentation[1..], ref cursor)
            : throw Unknown(image, augmentation[0]);
    }

    /// <summary>Each letter says which field comes next.</summary>
    private static FrameCie ReadAugmentation(ElfImage image, ReadOnlySpan<byte> letters, ref FrameCursor cursor)
    {
        cursor.Uleb128();
        var cie = default(FrameCie);
        foreach (var letter in letters)
        {
            switch (letter)
            {
                case (byte)'R':
                    cie = cie with { PointerEncoding = cursor.U8() };
                    break;
                case (byte)'S':
                    cie = cie with { IsSignalFrame = true };
                    break;
                case (byte)'P':
                    SkipPersonality(ref cursor);
                    break;
                case (byte)'L':
                    cursor.U8();
                    break;
                default:
                    throw Unknown(image, letter);
            }
        }

        return cie;
    }

    /// <summary>The personality routine's value is nobody's business here, and may be indirect.</summary>
    private static void SkipPersonality(ref FrameCursor cursor)
    {
        var encoding = (byte)(cursor.U8() & ~Elf.PointerEncoding.Indirect);
        if (encoding != (Elf.PointerEncoding.Omitted & ~Elf.PointerEncoding.Indirect))
        {
            cursor.Pointer(encoding, data: 0);
        }
    }

    private static ReflinkException Unknown(ElfImage image, byte letter) =>
        image.Bad($"has a frame table with augmentation '{(char)letter}', which this library does not know; take the sites from its symbols");
}
