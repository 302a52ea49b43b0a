using Reflink.Files;
using Reflink.Tests.Stories;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>The errors of FICLONERANGE and FIDEDUPERANGE as XFS and Btrfs were measured to give them.</summary>
public sealed class RemapMatrixTests : IDisposable
{
    private const int P = Page.Size;
    private const int Odd = (3 * P) + 100;
    private readonly Machine _machine = new();
    private readonly OpenFile _source;
    private readonly OpenFile _target;

    public RemapMatrixTests()
    {
        _source = _machine.Volume.Create("/source");
        _target = _machine.Volume.Create("/target");
        _source.Write(0, Tale.Text(Odd));
    }

    [Theory]
    [InlineData(0, P, 0, 0, null)]
    [InlineData(0, 0, 0, 0, null)]
    [InlineData(Odd, 0, 0, 0, null)]
    [InlineData(4 * P, 0, 0, 0, Errno.EINVAL)]
    [InlineData(4 * P, P, 0, 0, Errno.EINVAL)]
    [InlineData(2 * P, 2 * P, 0, 0, Errno.EINVAL)]
    [InlineData(1, P, 0, 0, Errno.EINVAL)]
    [InlineData(0, P, 1, 0, Errno.EINVAL)]
    [InlineData(0, 100, 0, 0, Errno.EINVAL)]
    [InlineData(P, Odd - P, 0, 2 * P, null)]
    [InlineData(3 * P, 100, 0, 100, null)]
    [InlineData(3 * P, 100, 0, 101, Errno.EINVAL)]
    [InlineData(0, P, 1000 * P, 10, null)]
    [InlineData(0, long.MaxValue, 0, 0, Errno.EINVAL)]
    [InlineData(0, P, long.MaxValue - P + 1, 0, Errno.EINVAL)]
    [InlineData(-P, P, 0, 0, Errno.EINVAL)]
    public void Clone_range(long from, long length, long to, int targetSize, Errno? error)
    {
        _target.Truncate(targetSize);

        Assert.Equal(error, Errors.Of(() => _machine.Volume.CloneRange(_source, from, length, _target, to)));
        var cloned = error is null ? (length == 0 ? Odd - from : length) : 0;
        Assert.Equal(cloned == 0 ? targetSize : Math.Max(targetSize, to + cloned), _target.Size);
        Assert.Equal(Bytes(_source, from, (int)cloned), Bytes(_target, to, (int)cloned));
        Assert.Empty(Fsck.Check(_machine));
    }

    [Fact]
    public void One_call_deduplicates_a_GiB_and_says_so()
    {
        const long GiB = 1L << 30;
        const long Length = 1_300L << 20;
        _source.Truncate(0);
        _source.Truncate(Length);
        _target.Truncate(Length);
        _target.Write(Length - P, "other"u8);
        _source.Write(GiB, Tale.Text(P));
        _target.Write(GiB, Tale.Text(P));

        Assert.Equal([new DedupeResult(null, true, GiB)], _machine.Volume.Dedupe(_source, 0, Length, [new(_target, 0)]));
        Assert.False(_source.Inode.Map.TryFind(PageIndex.Of(GiB), out var one) && _target.Inode.Map.TryFind(PageIndex.Of(GiB), out var two) && one.Block == two.Block);
        Assert.False(_machine.Volume.Dedupe(_source, 0, Length, _target, 0));
        Assert.True(_machine.Volume.Dedupe(_source, 0, Length - P, _target, 0));
        Assert.True(_source.Inode.Map.TryFind(PageIndex.Of(GiB), out one) && _target.Inode.Map.TryFind(PageIndex.Of(GiB), out two) && one.Block == two.Block);
    }

    [Theory]
    [InlineData(0, P, P, null)]
    [InlineData(0, 2 * P, P, Errno.EINVAL)]
    [InlineData(P, P, P, Errno.EINVAL)]
    public void Clone_within_a_file(long from, long length, long to, Errno? error) =>
        Assert.Equal(error, Errors.Of(() => _machine.Volume.CloneRange(_source, from, length, _source, to)));

    [Theory]
    [InlineData(OpenFlags.Write, OpenFlags.Write, Errno.EBADF)]
    [InlineData(OpenFlags.Read, OpenFlags.Read, Errno.EBADF)]
    [InlineData(OpenFlags.Read, OpenFlags.Write | OpenFlags.Append, Errno.EBADF)]
    [InlineData(OpenFlags.Read, OpenFlags.Write, null)]
    public void Clone_needs_the_right_to(OpenFlags source, OpenFlags target, Errno? error)
    {
        using var from = _machine.Volume.Open("/source", source);
        using var to = _machine.Volume.Open("/target", target);

        Assert.Equal(error, Errors.Of(() => _machine.Volume.Clone(from, to)));
        Assert.Equal(error, Errors.Of(() => _machine.Volume.CloneRange(from, 0, P, to, 0)));
    }

    [Theory]
    [InlineData(OpenFlags.Write, OpenFlags.Write, Errno.EINVAL)]
    [InlineData(OpenFlags.Read, OpenFlags.Read, null)]
    [InlineData(OpenFlags.Read, OpenFlags.Write, null)]
    public void Dedupe_needs_the_right_to(OpenFlags source, OpenFlags target, Errno? error)
    {
        _machine.Volume.Clone("/source", "/target");
        using var from = _machine.Volume.Open("/source", source);
        using var to = _machine.Volume.Open("/target", target);

        Assert.Equal(error, Errors.Of(() => Assert.True(_machine.Volume.Dedupe(from, 0, P, to, 0))));
    }

    [Fact]
    public void A_longer_target_keeps_its_rest_when_a_whole_file_is_cloned_onto_it()
    {
        _source.Truncate(P);
        _target.Write(0, Tale.Letters(26).AsSpan(24 * P));
        _machine.Volume.Clone(_source, _target);
        Assert.Equal([.. Tale.Letters(1), .. Tale.Letters(26).AsSpan(25 * P)], Bytes(_target, 0, 3 * P));

        _source.Truncate(100);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Volume.Clone(_source, _target)));
        _machine.Volume.Clone("/source", "/target");
        Assert.Equal(100, _target.Size);
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Volume.Clone("/source", "/source")));
    }

    [Theory]
    [InlineData(0, P, 0, Odd, true, 1)]
    [InlineData(0, Odd, 0, Odd, true, 4)]
    [InlineData(0, Odd, 0, 4 * P, true, 3)]
    [InlineData(0, P + 100, 0, Odd, true, 1)]
    [InlineData(0, 100, 0, Odd, true, 0)]
    [InlineData(0, 0, 0, Odd, true, 0)]
    [InlineData(0, P, P, Odd, false, 0)]
    [InlineData(0, P, P, P, null, 0)]
    [InlineData(0, 4 * P, 0, 4 * P, null, 0)]
    [InlineData(1, P, 0, Odd, null, 0)]
    [InlineData(0, P, 1, Odd, null, 0)]
    public void Dedupe(long from, long length, long to, int targetSize, bool? same, int shared)
    {
        _target.Write(0, Tale.Text(targetSize));
        bool? answer = null;

        Assert.Equal(same is null ? Errno.EINVAL : null, Errors.Of(() => answer = _machine.Volume.Dedupe(_source, from, length, _target, to)));
        Assert.Equal(same, answer);
        Assert.Equal(shared, _machine.Volume.Extents("/target").Where(e => e.IsShared).Sum(e => e.Length));
        Assert.Equal(Tale.Text(targetSize), Bytes(_target, 0, targetSize));
    }

    public void Dispose() => _machine.Dispose();

    private static byte[] Bytes(OpenFile file, long offset, int length)
    {
        var bytes = new byte[length];
        return length == 0 ? bytes : bytes[..file.Read(offset, bytes)];
    }
}
