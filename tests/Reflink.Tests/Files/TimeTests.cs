using Reflink.Inodes;
using Reflink.Units;

namespace Reflink.Tests.Files;

/// <summary>Times that programs set (utimensat(2)).</summary>
public sealed class TimeTests : IDisposable
{
    private readonly Machine _machine = new(new MachineOptions { Memory = 1 << 20 });

    private Volume Volume => _machine.Volume;

    public void Dispose()
    {
        Fsck.Require(_machine);
        _machine.Dispose();
    }

    [Fact]
    public void A_new_file_was_last_read_when_it_was_made_and_reading_and_writing_move_that_not()
    {
        using var file = Volume.Create("/a");
        var made = Volume.Stat("/a");
        Assert.Equal(made.ModifiedAt, made.AccessedAt);

        _machine.Wait(TimeSpan.FromMicroseconds(5));
        file.Write(0, [1]);
        _ = file.Read(0, new byte[1]);

        var stat = Volume.Stat("/a");
        Assert.Equal(made.AccessedAt, stat.AccessedAt);
        Assert.True(stat.ModifiedAt > made.ModifiedAt);
    }

    [Fact]
    public void Times_are_set_one_by_one_or_together_and_move_the_time_of_attributes()
    {
        Volume.Create("/a").Dispose();
        var before = Volume.Stat("/a");
        _machine.Wait(TimeSpan.FromMicroseconds(5));

        Volume.SetTimes("/a", 1000, null);
        var accessed = Volume.Stat("/a");
        Assert.Equal((1000, before.ModifiedAt), (accessed.AccessedAt, accessed.ModifiedAt));
        Assert.True(accessed.ChangedAt > before.ChangedAt);

        Volume.SetTimes("/a", 7, -3);
        Assert.Equal((7, -3), (Volume.Stat("/a").AccessedAt, Volume.Stat("/a").ModifiedAt));
    }

    [Fact]
    public void A_link_has_times_of_its_own()
    {
        Volume.Create("/a").Dispose();
        Volume.MakeSymbolicLink("a", "/l");

        Volume.SetLinkTimes("/l", 1, 2);
        Volume.SetTimes("/l", 3, 4);

        Assert.Equal((1, 2), (Volume.StatLink("/l").AccessedAt, Volume.StatLink("/l").ModifiedAt));
        Assert.Equal((3, 4), (Volume.Stat("/a").AccessedAt, Volume.Stat("/a").ModifiedAt));
    }

    [Fact]
    public void An_immutable_file_keeps_its_times()
    {
        Volume.Create("/a").Dispose();
        Volume.SetFlags("/a", InodeFlags.Immutable);

        Assert.Equal(Errno.EPERM, Assert.Throws<ReflinkException>(() => Volume.SetTimes("/a", 1, 2)).Error);
        Assert.Equal(Errno.EPERM, Assert.Throws<ReflinkException>(() => Volume.SetLinkTimes("/a", 1, 2)).Error);
    }
}
