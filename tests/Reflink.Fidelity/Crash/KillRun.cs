using System.Diagnostics;
using System.Globalization;
using Reflink.Store.Disks;
using Reflink.Testing;
using Reflink.Units;

namespace Reflink.Fidelity.Crash;

/// <summary>
/// A child process plays a program on a store in a folder, tells of each sync that ended, and is killed (SIGKILL) at some
/// moment. What the folder has then must be what the last sync that it told of had made, or the next.
/// </summary>
internal static class KillRun
{
    /// <summary>The word that makes this program the child.</summary>
    public const string ChildName = "crash-child";

    private const int Steps = 600;

    /// <summary>The child: plays until it is killed or done.</summary>
    public static int Child(string folder, int seed)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        using var machine = CrashProgram.MachineOn(StoreFolder.Open(folder, StoreUse.Durable), seed);
        var program = new CrashProgram(seed);
        output.WriteLine("made");
        for (var n = 0; n < Steps; n++)
        {
            if (program.Step(machine))
            {
                output.WriteLine("synced");
            }
        }

        return 0;
    }

    /// <summary>Starts a child, kills it, and looks; returns what is wrong, or null.</summary>
    public static string? Of(int seed)
    {
        using var folder = new ScratchFolder("kill");
        try
        {
            var told = Kill(folder.Path, new Random(seed), seed);
            return told == 0 ? null : Check(folder.Path, seed, told - 1);
        }
        catch (Exception e) when (e is ReflinkException or InvariantException)
        {
            return $"kill {seed}: {e}";
        }
    }

    // Returns how many lines it told.
    private static int Kill(string folder, Random random, int seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(KillRun).Assembly.Location);
        }

        foreach (var word in (string[])[ChildName, folder, seed.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(word);
        }

        using var child = Process.Start(start)!;
        var (told, wanted) = (0, random.Next(40));
        while (told <= wanted && child.StandardOutput.ReadLine() is not null)
        {
            told++;
        }

        Thread.Sleep(TimeSpan.FromMicroseconds(random.Next(3000)));
        child.Kill();
        while (child.StandardOutput.ReadLine() is not null)
        {
            told++;
        }

        child.WaitForExit();
        return told;
    }

    private static string? Check(string folder, int seed, int syncs)
    {
        using var recovered = CrashProgram.MachineOn(StoreFolder.Open(folder, StoreUse.Durable), seed);
        var state = VolumeState.Of(recovered);
        Fsck.Require(recovered);
        var allowed = new[] { StateAfter(seed, syncs), StateAfter(seed, syncs + 1) };
        return allowed.Contains(state) ? null : $"kill {seed}: after {syncs} syncs the store has\n{state}\ninstead of\n{string.Join("\nor\n", allowed)}";
    }

    // To look takes the machine's time, so each state has a machine of its own, as the child's that nobody looked at.
    private static string StateAfter(int seed, int syncs)
    {
        using var machine = CrashProgram.MachineOn(new CrashDisk(), seed);
        var program = new CrashProgram(seed);
        for (var (n, ended) = (0, 0); n < Steps && ended < syncs; n++)
        {
            ended += program.Step(machine) ? 1 : 0;
        }

        return VolumeState.Of(machine);
    }
}
