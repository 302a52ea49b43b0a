using System.Buffers.Binary;

namespace Reflink.Fidelity.Ksm;

/// <summary>What the pages of scripts hold: a few contents, by number, of one 64-bit word repeated. Content 0 is zeroes.</summary>
public static class KsmContents
{
    /// <summary>How many there are.</summary>
    public const int Count = 16;

    /// <summary>Pages of the script's file.</summary>
    public const int FilePages = KsmState.Pages;

    /// <summary>The word of a content. The words' order by memcmp is not that of the numbers.</summary>
    public static ulong Word(long content) => content == 0 ? 0 : unchecked(((ulong)content * 0x9E3779B97F4A7C15) ^ 0x5851F42D4C957F2D);

    /// <summary>The bytes of a page.</summary>
    public static byte[] Bytes(long content)
    {
        var bytes = new byte[Page.Size];
        for (var at = 0; at < bytes.Length; at += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), Word(content));
        }

        return bytes;
    }

    /// <summary>What page n of the script's file holds when a script begins.</summary>
    public static long OfFile(int page) => page % 4;

    /// <summary>The content's digit (0 to 9, a to f), or '?' if the word is none's.</summary>
    public static char Digit(ulong word)
    {
        for (var content = 0; content < Count; content++)
        {
            if (Word(content) == word)
            {
                return "0123456789abcdef"[content];
            }
        }

        return '?';
    }
}
