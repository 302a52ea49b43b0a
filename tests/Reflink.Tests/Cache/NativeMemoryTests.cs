using Reflink.Cache;
using Reflink.Cache.Memory;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Every way to reserve memory gives zeroed frames that keep their bytes. With <c>reserved</c>, an access before its time kills the process.</summary>
public sealed class NativeMemoryTests
{
    public static TheoryData<string> Ways => ["mapped", "reserved", "plain"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Frames_are_zeroes_at_first_and_keep_what_is_written(string way)
    {
        using var frames = new FrameTable(1000, NativeMemories.Choose(way));
        var pool = new FramePool(frames, nodes: 3);
        var taken = new List<FrameNumber>();
        while (pool.TryTake(taken.Count % 3, out var frame))
        {
            Assert.False(frames.Bytes(frame).ContainsAnyExcept((byte)0));
            Assert.Equal(default, frames.Label(frame));
            frames.Bytes(frame).Fill((byte)(frame.Value % 251));
            frames.Label(frame) = new PageLabel(new InodeNumber(frame.Value), new PageIndex(1));
            frames[frame].Next = frame.Value;
            taken.Add(frame);
        }

        Assert.Equal(Enumerable.Range(0, 1000), taken.Select(f => f.Value).Order());
        Assert.All(taken, f => Assert.False(frames.Bytes(f).ContainsAnyExcept((byte)(f.Value % 251))));
        Assert.All(taken, f => Assert.Equal((f.Value, f.Value), (frames[f].Next, (int)frames.Label(f).Inode.Value)));
        Assert.False(frames.Bytes(frames.Zero).ContainsAnyExcept((byte)0));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_range_becomes_usable_piece_by_piece(string way)
    {
        using var region = new NativeRegion(1_000_000, NativeMemories.Choose(way));
        for (var at = 0L; at < region.Length; at += 10_007)
        {
            var length = Math.Min(10_007, region.Length - at);
            region.Commit(at, length);
            Fill(region, at, (int)length);
        }

        region.Commit(0, region.Length);
        Assert.Equal(7, ByteAt(region, 0));
        Assert.Equal(7, ByteAt(region, region.Length - 1));
    }

    [Fact]
    public void More_than_there_are_addresses_is_refused_in_words() => Assert.Contains(
        "raise ulimit -v",
        Assert.Throws<ReflinkException>(() => new NativeRegion(long.MaxValue / 2, NativeMemories.Choose("mapped"))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void An_unknown_way_is_refused_and_the_known_ones_are_named()
    {
        var refused = Assert.Throws<ReflinkException>(() => NativeMemories.Choose("fast"));

        Assert.Equal(Errno.EINVAL, refused.Error);
        Assert.Equal("EINVAL: REFLINK_MEMORY is 'fast'; it may be mapped, reserved or plain, or not set at all", refused.Message);
    }

    private static unsafe void Fill(NativeRegion region, long at, int length) => new Span<byte>(region.Address + at, length).Fill(7);

    private static unsafe byte ByteAt(NativeRegion region, long at) => region.Address[at];
}
