using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>Pages and block numbers that tests of the store tell apart at a glance.</summary>
internal static class TestPage
{
    /// <summary>A page in which every byte depends on its place and on the seed.</summary>
    public static byte[] Of(int seed)
    {
        var page = new byte[Page.Size];
        new Random(seed).NextBytes(page);
        return page;
    }

    public static BlockNumber Stored(long serial) => BlockNumber.Of(BlockKind.Stored, serial);

    public static BlockNumber Anonymous(long serial) => BlockNumber.Of(BlockKind.Anonymous, serial);

    public static BlockNumber Derived(long serial) => BlockNumber.Of(BlockKind.Derived, serial);
}
