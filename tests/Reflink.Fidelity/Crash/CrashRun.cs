using Reflink.Units;

namespace Reflink.Fidelity.Crash;

/// <summary>
/// Plays a program on a disk that remembers, then makes the disk anew as crashes may have left it, and opens a machine on each:
/// it must show exactly what a sync had made, the last that had ended or one that was under way.
/// </summary>
internal sealed class CrashRun
{
    private readonly CrashDisk _disk;
    private readonly int _seed;

    // After how many events of the disk a sync had begun, after how many it had ended, and what the volume was like.
    private readonly List<(int Begun, int Ended, string State)> _syncs = [];

    private CrashRun(CrashDisk disk, int seed) => (_disk, _seed) = (disk, seed);

    /// <summary>Crash states that were looked at.</summary>
    public int States { get; private set; }

    /// <summary>Of those, the ones in which recovery itself crashed and was begun anew.</summary>
    public int Recrashed { get; private set; }

    /// <summary>What was wrong, if anything.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Plays a seed's program and looks at every moment of it, and at each in several ways.</summary>
    public static CrashRun Of(int seed, int mostStates = int.MaxValue)
    {
        var program = new CrashProgram(seed);
        return Play(seed, program.Length, program.Step, mostStates);
    }

    /// <summary>Plays so many steps, and a sync at the end, and looks at crash states.</summary>
    public static CrashRun Play(int seed, int length, Func<Machine, bool> step, int mostStates)
    {
        var disk = new CrashDisk();
        var run = new CrashRun(disk, seed);
        using (var machine = CrashProgram.MachineOn(disk, seed))
        {
            // The empty volume is promised once the machine is there.
            run._syncs.Add((0, disk.Events.Count, VolumeState.Of(machine)));
            for (var n = 0; n < length; n++)
            {
                var begun = disk.Events.Count;
                if (step(machine))
                {
                    run._syncs.Add((begun, disk.Events.Count, VolumeState.Of(machine)));
                }
            }

            var last = disk.Events.Count;
            machine.Volume.Sync();
            run._syncs.Add((last, disk.Events.Count, VolumeState.Of(machine)));
        }

        run.Look(new Random(seed), mostStates);
        return run;
    }

    private void Look(Random random, int mostStates)
    {
        // Before the first sync ended there was no store yet.
        var first = _syncs[0].Ended;
        for (var count = 1; count <= _disk.Events.Count && Failures.Count == 0; count++)
        {
            if (mostStates < _disk.Events.Count && random.Next(_disk.Events.Count) >= mostStates)
            {
                continue;
            }

            for (var fate = Fate.Lost; fate <= Fate.Any; fate++)
            {
                LookAt(count, fate, random, isBorn: count >= first);
            }
        }
    }

    private void LookAt(int count, Fate fate, Random random, bool isBorn)
    {
        States++;
        var files = CrashImage.Of(_disk, count, fate, random);
        var legal = _syncs.Where(s => s.Begun < count).Reverse().ToArray();
        var allowed = legal.TakeWhile(s => s.Ended > count).Concat(legal.SkipWhile(s => s.Ended > count).Take(1)).Select(s => s.State).ToArray();
        try
        {
            var disk = new CrashDisk(files);
            var goesOn = random.Next(8) == 0;
            var state = StateOn(disk, goesOn);
            if (!(allowed.Contains(state) || (!isBorn && state.Length == 0)))
            {
                Fail(count, fate, $"recovered\n{state}\ninstead of\n{string.Join("\nor\n", allowed)}");
            }

            if (goesOn)
            {
                Recrash(disk, state, random);
            }
        }
        catch (Exception e) when (e is ReflinkException or InvariantException)
        {
            Fail(count, fate, e.ToString());
        }
    }

    // Recovery, and what was done since, is cut off as well.
    private void Recrash(CrashDisk disk, string state, Random random)
    {
        Recrashed++;
        States++;
        var again = new CrashDisk(CrashImage.Of(disk, random.Next(disk.Events.Count + 1), (Fate)random.Next(5), random));
        if (StateOn(again, goesOn: false) is var second && second != state)
        {
            Failures.Add($"seed {_seed}: after a crash in recovery\n{second}\ninstead of\n{state}");
        }
    }

    // A little is written after looking, so that a crash in recovery finds something half done.
    private string StateOn(CrashDisk disk, bool goesOn)
    {
        using var machine = CrashProgram.MachineOn(disk, _seed);
        var state = VolumeState.Of(machine);
        Fsck.Require(machine);
        if (!goesOn)
        {
            return state;
        }

        using var file = machine.Volume.Open("/late", OpenFlags.ReadWrite | OpenFlags.Create);
        for (var n = 0; n < 4; n++)
        {
            file.Write(n * Page.Size, new byte[Page.Size]);
        }

        machine.DropCaches();
        return state;
    }

    private void Fail(int count, Fate fate, string why) =>
        Failures.Add($"seed {_seed}: a crash after {count} of {_disk.Events.Count} disk operations ({fate}; the last is {_disk.Events[count - 1].Act} {_disk.Events[count - 1].File}) {why}");
}
