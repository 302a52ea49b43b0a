using Reflink.Measuring;
using Reflink.Units;

namespace Reflink.Benchmarks.Pressure;

/// <summary>A file of 64 MiB and seven clones, read one after the other in 96 MiB of memory: counted, not timed.</summary>
internal static class ClonedRound
{
    private const int Clones = 7;
    private const int Pages = (64 << 20) / Page.Size;

    public static IEnumerable<Claim> Count(string policy)
    {
        foreach (var (keying, times) in ((CacheKeying, int)[])[(CacheKeying.Block, 1), (CacheKeying.Inode, 1 + Clones)])
        {
            yield return Claim.Exactly(
                $"64 MiB and {Clones} clones read in turn in 96 MiB, {policy}, store reads by {keying.ToString().ToLowerInvariant()}",
                Reads(policy, keying), (double)times * Pages, "");
        }
    }

    private static long Reads(string policy, CacheKeying keying)
    {
        using var machine = new Machine(new MachineOptions { Memory = 96 << 20, Keying = keying, Policy = policy });
        var buffer = new byte[1 << 20];
        using (var file = machine.Volume.Create("/file"))
        {
            for (var at = 0L; at < Pages * (long)Page.Size; at += buffer.Length)
            {
                Array.Fill(buffer, (byte)((at >> 20) + 1));
                file.Write(at, buffer);
            }
        }

        for (var n = 1; n <= Clones; n++)
        {
            machine.Volume.Clone("/file", $"/clone{n}");
        }

        machine.DropCaches();
        var before = machine.Meter.Total(WorkKind.StoreRead);
        foreach (var path in (string[])["/file", .. Enumerable.Range(1, Clones).Select(n => $"/clone{n}")])
        {
            using var file = machine.Volume.Open(path);
            for (var at = 0L; at < file.Size; at += file.Read(at, buffer))
            {
            }
        }

        return machine.Meter.Total(WorkKind.StoreRead) - before;
    }
}
