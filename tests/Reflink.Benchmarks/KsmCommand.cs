using System.CommandLine;
using Reflink.Benchmarks.Merging;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>Samepage merging pass by pass, beside the live ksmd on the same bytes and beside one hash of every page.</summary>
internal sealed class KsmCommand() : MeasuringCommand("ksm", "Passes of the scanner over 1 GiB, and over more; ksmd of this kernel and one hash of each page beside.")
{
    private const int Gibibyte = 1 << 18;
    private const int Fewest = 100_000;
    private const int QuickMost = 400_000;
    private readonly Option<int> _pages = new("--pages")
    {
        Description = "Pages of the largest memory, with which the smallest is compared; a multiple of four.",
        DefaultValueFactory = _ => 2_000_000,
    };

    protected override IReadOnlyList<Option> Options => [_pages];

    protected override Report Measure(int rounds, ParseResult line)
    {
        var most = IsQuick && line.GetResult(_pages) is not { Implicit: false } ? QuickMost : Math.Max(Fewest, line.GetValue(_pages) & ~3);
        using var live = LiveKsm.TryTake(out var why);
        MergeScenario[] beside =
        [
            new("1 GiB, half of it twice", PageLayout.HalfTwice, Gibibyte, live),
            new("1 GiB of 256 contents", PageLayout.Of256, Gibibyte, live),
        ];
        var different = new MergeScenario("1 GiB, all different", PageLayout.Different, Gibibyte, null);
        MergeScenario[] sizes = [Sized(Fewest), Sized(most)];
        List<Contestant> contestants = [.. beside.SelectMany(s => s.Contestants(why)), .. different.Contestants(null)];
        var noRoom = NoRoomFor(most);
        contestants.AddRange(sizes[0].Contestants(null));
        contestants.AddRange(sizes[1].Contestants(null).Select(c => noRoom is null ? c : c with { Skipped = noRoom }));
        var standings = Run(contestants, rounds);
        return new Report(Name, rounds, standings, [.. new KsmClaims(standings).All(beside, different, sizes)]);
    }

    private static MergeScenario Sized(int pages) => new($"{pages:N0} pages, half of it twice", PageLayout.HalfTwice, pages, null);

    // The machine's memory, what it keeps of it, and as much again as its neighbours may want.
    private static string? NoRoomFor(int pages)
    {
        var needed = ((long)pages * (Page.Size + 512)) + (2L << 30);
        var free = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (File.Exists("/proc/meminfo"))
        {
            var words = File.ReadLines("/proc/meminfo").First(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            free = long.Parse(words[1]) << 10;
        }

        return free >= needed ? null : $"{free >> 20:N0} MiB are free and {needed >> 20:N0} MiB needed; ask for fewer --pages";
    }
}
