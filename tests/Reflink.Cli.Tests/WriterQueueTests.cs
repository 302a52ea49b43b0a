using Reflink.Cli.Volumes;
using Reflink.Units;

namespace Reflink.Cli.Tests;

/// <summary>Who waits for a store, and for how long.</summary>
public sealed class WriterQueueTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private int _tries;

    [Fact]
    public void It_waits_until_the_store_is_free()
    {
        Assert.Equal(3, WriterQueue.Open(() => Open(busyFor: 2), s_day, CancellationToken.None));
    }

    [Fact]
    public void When_the_time_is_over_it_is_EBUSY()
    {
        Assert.Equal(Errno.EBUSY, Assert.Throws<ReflinkException>(() => WriterQueue.Open(() => Open(busyFor: 2), TimeSpan.Zero, CancellationToken.None)).Error);
        Assert.Equal(1, _tries);
    }

    [Fact]
    public void Nothing_else_is_tried_again()
    {
        Assert.Equal(Errno.EIO, Assert.Throws<ReflinkException>(() => WriterQueue.Open(() => Open(busyFor: 2, Errno.EIO), s_day, CancellationToken.None)).Error);
        Assert.Equal(1, _tries);
    }

    [Fact]
    public void A_signal_ends_the_waiting()
    {
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => WriterQueue.Open(
            () =>
            {
                cancel.Cancel();
                return Open(busyFor: int.MaxValue);
            },
            s_day, cancel.Token));
    }

    private int Open(int busyFor, Errno error = Errno.EBUSY) => ++_tries > busyFor ? _tries : throw new ReflinkException(error, "not yet");
}
