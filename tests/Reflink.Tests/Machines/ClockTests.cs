using Reflink.Units;

namespace Reflink.Tests.Machines;

/// <summary>What a machine's clock says.</summary>
public sealed class ClockTests
{
    [Fact]
    public void Files_are_from_when_the_machine_was_switched_on()
    {
        var date = new DateTimeOffset(2025, 3, 4, 5, 6, 7, TimeSpan.Zero);
        using var machine = new Machine(new MachineOptions { Memory = 1 << 20, SwitchedOnAt = date });
        machine.Volume.Create("/a").Dispose();
        machine.Wait(TimeSpan.FromHours(1));
        machine.Volume.Create("/b").Dispose();

        Assert.Equal(date.ToUnixTimeSeconds(), machine.Volume.Stat("/a").ModifiedAt / 1_000_000_000);
        Assert.Equal(date.ToUnixTimeSeconds() + 3600, machine.Volume.Stat("/b").ModifiedAt / 1_000_000_000);
        Assert.Equal(0, new MachineOptions().SwitchedOnAt.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData(1969)]
    [InlineData(2163)]
    public void A_date_that_the_clock_cannot_count_from_is_refused(int year)
    {
        var options = new MachineOptions { Memory = 1 << 20, SwitchedOnAt = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        var failure = Assert.Throws<ReflinkException>(() => new Machine(options));

        Assert.Equal(Errno.EINVAL, failure.Error);
        Assert.Contains("SwitchedOnAt", failure.Message, StringComparison.Ordinal);
    }
}
