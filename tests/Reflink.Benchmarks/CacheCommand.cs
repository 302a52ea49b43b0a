using System.CommandLine;
using System.Globalization;
using Reflink.Benchmarks.Cached;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>Pages in memory: how many clones take, what one costs to read and write, beside others; pages of the store in memory.</summary>
internal sealed class CacheCommand() : MeasuringCommand("cache", "Read and write pages in memory, beside a bare copy, streams, a fake file system and the kernel's; count the frames of clones.")
{
    protected override Report Measure(int rounds, ParseResult line)
    {
        Say("counting frames");
        List<Claim> claims = [.. ClonedCache.Count(CacheKeying.Block), .. ClonedCache.Count(CacheKeying.Inode)];
        Say("making the files");
        using var files = new CachedFiles();
        using var mapped = new MappedFile();
        using var store = StoreContest.InMemory();
        var standings = Run([.. files.Contestants, .. mapped.Contestants, .. store.Contestants], rounds);
        claims.AddRange(Claims(standings, "read", CachedFiles.Reading));
        claims.AddRange(Claims(standings, "write", CachedFiles.Writing));
        foreach (var discipline in (string[])[MappedFile.Loading, MappedFile.Storing])
        {
            claims.Add(Claim.Exactly($"{discipline}, bytes that we allocate", Of(standings, discipline, Contestant.Ours).Allocated, 0, " B"));
        }

        claims.AddRange(store.Claims(standings, 1.2));
        return new Report(Name, rounds, standings, claims) { Notes = [HugePages()] };
    }

    private static IEnumerable<Claim> Claims(IReadOnlyList<Standing> standings, string what, Func<int, string> discipline)
    {
        yield return Claim.Most($"{what}, ours to the bare copy", 1 / Ratio("bare copy"), 1.4, "×");
        yield return Claim.Most($"{what}, ours to MemoryStream", 1 / Ratio("MemoryStream"), 1.1, "×");
        yield return Claim.Least($"{what}, MockFileSystem to ours", Ratio("MockFileSystem"), 1, "×");
        yield return Claim.Least($"{what}, /dev/shm to ours", Ratio("/dev/shm"), 2.5, "×");
        yield return Claim.Exactly(
            $"{what}, bytes that we allocate, the most of all sizes",
            CachedFiles.Sizes.Max(size => Of(standings, discipline(size), Contestant.Ours).Allocated), 0, " B");

        double? Ratio(string name) => Of(standings, discipline(CachedFiles.Common), name).Ratio;
    }

    private static Standing Of(IReadOnlyList<Standing> standings, string discipline, string name) =>
        standings.Single(s => s.Contestant.Discipline == discipline && s.Contestant.Name == name);

    private static string HugePages()
    {
        var line = File.ReadLines("/proc/self/smaps_rollup").FirstOrDefault(l => l.StartsWith("AnonHugePages:", StringComparison.Ordinal));
        var kibibytes = long.Parse(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] ?? "0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"of our files' and the bare arenas' memory, {(2 * CachedFiles.Sizes.Sum()) + CachedFiles.Common:N0} MiB, {kibibytes >> 10:N0} MiB are in huge pages");
    }
}
