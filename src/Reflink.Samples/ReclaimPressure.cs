namespace Reflink.Samples;

/// <summary>
/// A reclaim-pressure study: 150 hot pages are read again and again while a file of 2,000 pages streams past, in 256 pages of memory.
/// A good policy keeps the hot pages; the store's reads say which do.
/// </summary>
public static class ReclaimPressure
{
    private const int Memory = 256;
    private const int Hot = 150;
    private const int Streamed = 2_000;
    private const int Rounds = 20;

    private static readonly string[] s_policies = ["fifo", "lru", "clock", "linux", "mglru", "sieve", "2q", "s3fifo", "arc", "lirs", "wtinylfu"];

    /// <summary>Runs it.</summary>
    /// <param name="output">Where to print.</param>
    public static void Run(TextWriter output)
    {
        output.WriteLine($"{"policy",-10} {"store reads",12} {"evicted",9}");
        foreach (var policy in s_policies)
        {
            using var machine = new Machine(new MachineOptions { Memory = Memory * Page.Size, Policy = policy });
            using var hot = Make(machine, "/hot", Hot);
            using var streamed = Make(machine, "/streamed", Streamed);
            machine.DropCaches();
            var (before, _) = machine.StoreCalls;

            var page = new byte[Page.Size];
            for (var step = 0; step < Rounds * Streamed; step++)
            {
                hot.Read((step * 7919L % Hot) * Page.Size, page);
                if (step % 10 == 0)
                {
                    streamed.Read((step / 10 % Streamed) * (long)Page.Size, page);
                }
            }

            Fsck.Require(machine);
            output.WriteLine($"{policy,-10} {machine.StoreCalls.Reads - before,12:N0} {machine.Cache.Evictions,9:N0}");
        }
    }

    private static OpenFile Make(Machine machine, string path, int pages)
    {
        var file = machine.Volume.Create(path);
        file.Write(0, new byte[pages * Page.Size]);
        return file;
    }
}
