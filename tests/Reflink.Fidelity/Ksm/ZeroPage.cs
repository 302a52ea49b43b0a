using System.Buffers.Binary;

namespace Reflink.Fidelity.Ksm;

/// <summary>The kernel's page of zeroes, found by its flag in /proc/kpageflags (Documentation/admin-guide/mm/pagemap.rst).</summary>
internal static class ZeroPage
{
    private const int ZeroFlag = 24;
    private const ulong OfLargeFolios = (1UL << 15) | (1UL << 16) | (1UL << 22);
    private const int Batch = 1 << 20;

    /// <summary>The number of its frame.</summary>
    /// <exception cref="IOException">/proc/kpageflags cannot be read, which needs root, or no frame has the flag.</exception>
    public static ulong FindFrame()
    {
        using var flags = File.OpenRead("/proc/kpageflags");
        var bytes = new byte[Batch];
        for (ulong first = 0; ; first += Batch / sizeof(ulong))
        {
            var length = flags.ReadAtLeast(bytes, Batch, throwOnEndOfStream: false);
            for (var at = 0; at + sizeof(ulong) <= length; at += sizeof(ulong))
            {
                var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
                if ((word >> ZeroFlag & 1) != 0 && (word & OfLargeFolios) == 0)
                {
                    return first + (ulong)(at / sizeof(ulong));
                }
            }

            if (length < Batch)
            {
                throw new IOException("no frame in /proc/kpageflags is marked as the page of zeroes");
            }
        }
    }
}
