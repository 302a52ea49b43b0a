using System.Text;

namespace Reflink.Descriptions.Formats;

/// <summary>Reads and writes descriptions in every format.</summary>
/// <remarks>
/// Text is what people write by hand:
/// <code>
/// reflink-change-description 1
/// # a line that begins with '#' is a comment; empty lines do not count
/// base size=24112704 name=/lib.so
/// write 0x251000 cc old 55
/// insert 0x300000 00112233
/// delete 0x400000 0x10
/// </code>
/// What is written is canonical: pieces (copy, data, fill, hole) and expectations, and no edits.
/// JSON says the same: <c>{ "format": …, "bases": [ … ], "edits": [ { "do": "write", "offset": "0x251000", "bytes": "cc", "old": "55" } ] }</c>.
/// Numbers are decimal, or hexadecimal behind 0x. The README of this stratum lists every edit.
/// </remarks>
public static class DescriptionFiles
{
    /// <summary>Reads a description in whatever format it is.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What failures call it: a path, usually.</param>
    /// <param name="sizeOf">The size of a base by its number and its name, where the file does not say it; null, or an answer of null, if that is not known.</param>
    /// <exception cref="ReflinkException">EINVAL: source, line and what was expected there; or pieces that are not canonical. E2BIG, EFBIG.</exception>
    public static ChangeDescription Read(ReadOnlySpan<byte> bytes, string source, Func<int, string?, long?>? sizeOf = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        if (bytes.StartsWith(CanonicalBytes.Tag))
        {
            return DescriptionBinary.Read(bytes, source);
        }

        if (bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            return new DescriptionJsonReader(bytes, source, sizeOf).Read();
        }

        try
        {
            using var reader = new StringReader(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
            return new DescriptionTextReader(reader, source, sizeOf).Read();
        }
        catch (ArgumentException e)
        {
            throw new ReflinkException(Errno.EINVAL, $"{source}: no description: it is neither text in UTF-8 nor begins as a binary description does", e);
        }
    }

    /// <summary>The description in a format; text has line feeds on every platform.</summary>
    public static byte[] Write(ChangeDescription description, DescriptionFormat format)
    {
        ArgumentNullException.ThrowIfNull(description);
        return format switch
        {
            DescriptionFormat.Json => Encoding.UTF8.GetBytes(DescriptionJson.Write(description)),
            DescriptionFormat.Binary => DescriptionBinary.Write(description).ToArray(),
            _ => Encoding.UTF8.GetBytes(DescriptionText.Write(description)),
        };
    }
}
