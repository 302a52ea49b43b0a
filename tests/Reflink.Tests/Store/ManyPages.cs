using System.Runtime.InteropServices;
using Reflink.Store;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>Reads many pages in one call.</summary>
internal static class ManyPages
{
    /// <summary>The pages of the blocks, null for those that are missing or damaged; no byte of what was refused may show.</summary>
    public static unsafe byte[]?[] ReadMany(this IPageStore store, params BlockNumber[] blocks)
    {
        var buffer = (byte*)NativeMemory.AllocZeroed((nuint)(blocks.Length * Page.Size));
        try
        {
            var reads = new PageRead[blocks.Length];
            for (var n = 0; n < reads.Length; n++)
            {
                reads[n] = new PageRead(blocks[n], buffer + (n * Page.Size)) { IsGood = n % 2 == 0 };
            }

            var good = store.Read(reads);
            Xunit.Assert.Equal(good, reads.Count(r => r.IsGood));
            var pages = new byte[]?[reads.Length];
            for (var n = 0; n < reads.Length; n++)
            {
                var page = new Span<byte>(reads[n].Bytes, Page.Size);
                pages[n] = reads[n].IsGood ? page.ToArray() : null;
                Xunit.Assert.True(reads[n].IsGood || !page.ContainsAnyExcept((byte)0));
            }

            return pages;
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }
}
