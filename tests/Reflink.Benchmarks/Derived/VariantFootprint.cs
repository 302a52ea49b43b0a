using System.Globalization;
using Reflink.Testing;

namespace Reflink.Benchmarks.Derived;

/// <summary>The memory and the disk that 1, 10 and 100 different variants take beside their base: counted, not timed.</summary>
internal sealed class VariantFootprint(VariantBytes bytes)
{
    private const long Mebi = 1 << 20;
    private static readonly int[] s_counts = [1, 10, 100];

    private readonly byte[] _buffer = new byte[VariantBytes.Chunk];
    private readonly List<string> _lines = [];

    /// <summary>Measures everybody.</summary>
    /// <param name="peers">The others, and the XFS to measure on.</param>
    /// <returns>A line for each.</returns>
    public IReadOnlyList<string> Measure(VariantPeers peers)
    {
        MeasureOurs();
        try
        {
            if (peers.Reflink is { } image)
            {
                MeasureXfs(image);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _lines.Add("not measured: " + e.Message);
        }

        // Packing many takes minutes, so of git there is one.
        if (peers.All.Select(p => p.Peer).OfType<GitVariants>().FirstOrDefault() is { } git)
        {
            Note(git.Name, 1, $"on disk a pack of {git.PackBytes / (double)Mebi:0.00} MiB, the base in it; unpacked, a copy in memory and on disk");
        }

        return _lines;
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"variant{number}");

    private void Note(string who, int count, FormattableString what) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{who}, {count:N0} variant{(count == 1 ? "" : "s")}: ") + what.ToString(CultureInfo.InvariantCulture));

    private void MeasureOurs()
    {
        using var folder = new ScratchFolder("derive");
        using var ours = new OurVariants(bytes, 1L << 30, new StoreOptions { Folder = folder.Of("store"), Use = StoreUse.Durable });
        var machine = ours.Machine;
        machine.Volume.Sync();
        var (blocks, frames, disk) = (ours.BlocksUsed, machine.Cache.Resident, SizeOf(folder.Of("store")));
        var (made, described, derived) = (0, 0L, 0L);
        foreach (var count in s_counts)
        {
            described += Managed(() => Enumerable.Range(made + 1, count - made).ToList().ForEach(ours.Describe));
            derived += Managed(() => Enumerable.Range(made + 1, count - made).ToList().ForEach(n => ours.Make(Name(n), n)));
            made = count;
            ReadAll(ours, count);
            machine.Volume.Sync();
            Note("ours", count, $"in memory, all read, {machine.Cache.Resident - frames:N0} frames besides the base's {frames:N0}; {described / (double)Mebi:0.00} MiB of descriptions, {derived / (double)Mebi:0.00} MiB of recipes and maps; on disk {ours.BlocksUsed - blocks:N0} blocks of the volume, {(SizeOf(folder.Of("store")) - disk) / (double)Mebi:0.00} MiB of the store's folder besides {disk / (double)Mebi:0.0}");
        }
    }

    private void MeasureXfs(XfsImage image)
    {
        using var xfs = new ReflinkVariants(Path.Combine(image.Path, "counted"), bytes);
        var (before, made) = (FreeAtRest(), 0);
        foreach (var count in s_counts)
        {
            for (; made < count; made++)
            {
                xfs.Make(Name(made + 1), made + 1);
            }

            var kept = before - Free();
            var used = before - FreeAtRest();
            ReadAll(xfs, count);
            var cached = Enumerable.Range(1, count).Sum(n => Native.CountResident(xfs.PathOf(Name(n))));
            Note("XFS reflink", count, $"in memory, all read, {cached:N0} pages besides the base's; on disk {used / (double)Mebi:0.00} MiB, before the space around the changes is given back {kept / (double)Mebi:0.00}");
        }

        for (; made > 0; made--)
        {
            xfs.Remove(Name(made));
        }

        // Without the space that is kept for some minutes around every changed page; that around dirty ones is not given back.
        long FreeAtRest()
        {
            _ = Free();
            Tool.Run("xfs_spaceman", "-c", "prealloc -s", image.Path);
            return Free();
        }

        long Free()
        {
            Tool.Run("sync", "-f", image.Path);
            return new DriveInfo(image.Path).AvailableFreeSpace;
        }
    }

    private void ReadAll(IVariants variants, int count)
    {
        for (var number = 1; number <= count; number++)
        {
            using var file = variants.Open(Name(number));
            for (var at = 0L; at < VariantBytes.Size; at += file.Read(at, _buffer))
            {
            }
        }
    }

    private static long Managed(Action act)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        act();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
