using Reflink.Patching.Sets;

namespace Reflink.Tests.Patching;

public sealed class PatchCheckerTests
{
    private readonly byte[] _file = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i % 251))];
    private readonly List<(long Offset, int Length)> _reads = [];

    [Fact]
    public void Every_page_is_read_once_and_only_within_the_range()
    {
        PatchChecker.Check(Set((100, 1), (200, 3), (4095, 2), (5000, 1), (9999, 1)), 50, 10_000, Read);

        Assert.Equal([(50, 4046), (4096, 4096), (8192, 1808)], _reads);
    }

    [Fact]
    public void Entries_that_differ_or_lie_outside_are_all_listed()
    {
        var set = Set((100, 1), (4095, 2), (9998, 3));
        _file[4096] ^= 0xff;
        var refused = Assert.Throws<PatchRefusedException>(() => PatchChecker.Check(set, 101, 10_000, Read));

        Assert.Equal([0, 1, 2], refused.Problems.Select(p => p.Index));
    }

    [Fact]
    public void An_entry_longer_than_pages_is_compared_whole()
    {
        var set = Set((1, 9000));
        PatchChecker.Check(set, 0, 10_000, Read);
        _file[9000] ^= 1;

        Assert.Throws<PatchRefusedException>(() => PatchChecker.Check(set, 0, 10_000, Read));
    }

    private void Read(long offset, Span<byte> into)
    {
        _reads.Add((offset, into.Length));
        _file.AsSpan((int)offset, into.Length).CopyTo(into);
    }

    private PatchSet Set(params (int Offset, int Length)[] places)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, length) in places)
        {
            var old = Enumerable.Range(offset, length).Select(i => (byte)(i % 251)).ToArray();
            builder.Add(offset, old, [.. old.Select(b => (byte)(b ^ 0xff))]);
        }

        return builder.Build();
    }
}
