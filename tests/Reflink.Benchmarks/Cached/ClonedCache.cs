using Reflink.Measuring;

namespace Reflink.Benchmarks.Cached;

/// <summary>How much memory a file and its clones take once all were read, and how much more when each was written to: counted, not timed.</summary>
internal static class ClonedCache
{
    private const int Clones = 7;
    private const int Pages = (64 << 20) / Page.Size;

    public static IEnumerable<Claim> Count(CacheKeying keying)
    {
        using var machine = new Machine(new MachineOptions { Memory = 1L << 30, Keying = keying });
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

        ReadAll(machine, "/file", buffer);
        for (var n = 1; n <= Clones; n++)
        {
            ReadAll(machine, $"/clone{n}", buffer);
        }

        var read = machine.Cache.Resident;
        for (var n = 1; n <= Clones; n++)
        {
            using var clone = machine.Volume.Open($"/clone{n}", OpenFlags.ReadWrite);
            clone.Write((n * 997L * Page.Size) + n, [0xFF]);
        }

        var (files, more) = keying == CacheKeying.Block ? (1, Clones) : (1 + Clones, 0);
        var by = $"by {keying.ToString().ToLowerInvariant()}";
        yield return Claim.Exactly($"{Pages * (long)Page.Size >> 20} MiB and {Clones} clones read, frames {by}", read, files * Pages, "");
        yield return Claim.Exactly($"then a byte written to each clone, more frames {by}", machine.Cache.Resident - read, more, "");
    }

    private static void ReadAll(Machine machine, string path, byte[] buffer)
    {
        using var file = machine.Volume.Open(path);
        for (var at = 0L; at < file.Size; at += file.Read(at, buffer))
        {
        }
    }
}
