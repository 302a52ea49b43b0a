using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Reflink.Patching;

/// <summary>The content hash of a patch set.</summary>
/// <remarks>
/// Hashed are a tag with the form's version and, for each entry, its offset (8 bytes, little endian), its length (4 bytes), its old
/// and its new bytes. The length makes the form free of ambiguity. Names and the target are provenance and stay out.
/// </remarks>
internal static class PatchSetId
{
    private const int HeaderBytes = sizeof(long) + sizeof(int);

    internal static string Of(PatchSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("reflink-patch-set 1\n"u8);
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (var i = 0; i < set.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(header, set.Offset(i));
            BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(long)..], set.Old(i).Length);
            hash.AppendData(header);
            hash.AppendData(set.Old(i));
            hash.AppendData(set.New(i));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
