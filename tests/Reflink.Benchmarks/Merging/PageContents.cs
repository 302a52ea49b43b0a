using System.Runtime.InteropServices;

namespace Reflink.Benchmarks.Merging;

/// <summary>
/// The bytes of pages, the same for our machine and for the kernel: noise (SplitMix64) seeded by the content's number, so that two
/// pages differ within their first bytes and a comparison of different ones costs next to nothing.
/// </summary>
internal static class PageContents
{
    /// <summary>The content's number of a page of a range. The range's length is a multiple of four.</summary>
    public static int Of(PageLayout layout, int page, int pages) => layout switch
    {
        PageLayout.Different => page,
        PageLayout.HalfTwice => page % 2 == 0 ? page : page % (pages / 2),
        PageLayout.Of256 => page % 256,
        _ => throw new ArgumentOutOfRangeException(nameof(layout)),
    };

    /// <summary>Writes a content.</summary>
    public static void Fill(Span<byte> page, int content)
    {
        var state = (ulong)content << 32;
        foreach (ref var word in MemoryMarshal.Cast<byte, ulong>(page[..Page.Size]))
        {
            unchecked
            {
                var z = state += 0x9E3779B97F4A7C15;
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
                word = z ^ (z >> 31);
            }
        }
    }
}
