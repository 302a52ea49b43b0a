using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Reflink.Patching.Sets;

/// <summary>The content hash of a patch set.</summary>
/// <remarks>
/// Hashed are a tag with the form's version and, for each entry, its offset (8 bytes, little endian), its length (4 bytes), its old
/// and its new bytes. The length makes the form free of ambiguity. Names and the target are provenance and stay out.
/// </remarks>
internal static class PatchSetId
{
    private const int HeaderBytes = sizeof(long) + sizeof(int);

    private static ReadOnlySpan<byte> Tag => "reflink-patch-set 1\n"u8;

    // Hashed in one go: entries are a few bytes each, and a call of the hash costs more than they do.
    internal static string Of(PatchSet set)
    {
        var form = new ArrayBufferWriter<byte>(Tag.Length + (HeaderBytes * set.Count) + (2 * set.ByteCount));
        form.Write(Tag);
        for (var i = 0; i < set.Count; i++)
        {
            var header = form.GetSpan(HeaderBytes);
            BinaryPrimitives.WriteInt64LittleEndian(header, set.Offset(i));
            BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(long)..], set.Old(i).Length);
            form.Advance(HeaderBytes);
            form.Write(set.Old(i));
            form.Write(set.New(i));
        }

        return Convert.ToHexStringLower(SHA256.HashData(form.WrittenSpan));
    }
}
