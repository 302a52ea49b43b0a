using Reflink.Fidelity.Crash;
using Reflink.Units;

namespace Reflink.Tests.Store;

/// <summary>The disk goes wrong after every number of calls: every operation happens or does not, and no sync that ended is lost.</summary>
public sealed class DiskFaultTests
{
    private const int Steps = 40;

    [Theory]
    [InlineData(DiskFault.Fails)]
    [InlineData(DiskFault.Full)]
    public void After_any_number_of_calls_every_operation_happens_or_does_not(DiskFault fault)
    {
        var struck = 0;
        for (var calls = 0; calls < 120; calls += 3)
        {
            struck += Play(calls, fault) ? 1 : 0;
        }

        Assert.InRange(struck, 15, 40);
    }

    [Fact]
    public void A_disk_that_lies_is_found_out_and_shows_no_wrong_bytes()
    {
        for (var calls = 0; calls < 60; calls++)
        {
            var disk = new CrashDisk();
            var faulty = new FaultyDisk(disk, calls, DiskFault.Lies);
            var states = new List<string>();
            try
            {
                using var machine = CrashProgram.MachineOn(faulty, calls);
                var program = new CrashProgram(calls);
                for (var n = 0; n < Steps; n++)
                {
                    if (program.Step(machine))
                    {
                        states.Add(VolumeState.Of(machine));
                    }
                }
            }
            catch (ReflinkException e)
            {
                Assert.Equal(Errno.EIO, e.Error);
            }

            AssertNoneElse(disk, calls, states);
        }
    }

    // Whether the disk went wrong before the program ended.
    private static bool Play(int calls, DiskFault fault)
    {
        var disk = new CrashDisk();
        var faulty = new FaultyDisk(disk, calls, fault);
        var (before, synced) = ("", "");
        try
        {
            using var machine = CrashProgram.MachineOn(faulty, seed: 2);
            var program = new CrashProgram(calls);
            for (var n = 0; n < Steps; n++)
            {
                before = VolumeState.Of(machine);
                if (program.Step(machine))
                {
                    synced = before;
                }

                Fsck.Require(machine);
            }

            if (fault == DiskFault.Full)
            {
                // Once there is room, all goes on.
                faulty.IsOn = false;
                machine.Volume.Sync();
                synced = before = VolumeState.Of(machine);
            }
        }
        catch (ReflinkException e)
        {
            Assert.Contains(e.Error, (Errno[])[Errno.EIO, Errno.ENOSPC, Errno.ENOMEM]);
        }

        using var recovered = CrashProgram.MachineOn(disk, seed: 2);
        Fsck.Require(recovered);
        Assert.Contains(VolumeState.Of(recovered), (string[])[synced, before]);
        return faulty.Struck;
    }

    private static void AssertNoneElse(CrashDisk disk, int seed, List<string> states)
    {
        try
        {
            using var machine = CrashProgram.MachineOn(disk, seed);
            Assert.Contains(VolumeState.Of(machine), states.Append(""));
        }
        catch (ReflinkException e)
        {
            Assert.Equal(Errno.EIO, e.Error);
        }
    }
}
