using System.IO.Hashing;

namespace Reflink.Store;

/// <summary>The checksum of a page, seeded with its block: a page that lies in another block's place is found as well.</summary>
internal static class PageChecksum
{
    public static ulong Of(BlockNumber block, ReadOnlySpan<byte> page) => XxHash3.HashToUInt64(page, block.Value);
}
