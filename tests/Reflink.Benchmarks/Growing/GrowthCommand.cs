using System.CommandLine;
using System.Globalization;
using Reflink.Benchmarks.Merging;
using Reflink.Benchmarks.Replays;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Growing;

/// <summary>What clones, first writes, faults, pokes, merging and replaying take at 1,000 to 10,000,000 pages, as a table and as a picture.</summary>
internal sealed class GrowthCommand() : MeasuringCommand("growth", "Clone, write, fault, poke, merge and replay at 1,000 to 10,000,000 pages; --svg draws it.")
{
    private const int Accesses = 2_000_000;
    private const long Fewest = 1_000;
    private const long QuickMost = 100_000;
    private const long WarmUpSize = 10_000;
    private const long LeastPages = 100_000;

    // A recipe a page takes half a kilobyte of this program's memory, a page that is merged 4 KiB, a page of a file 40 bytes.
    private const long MostPoked = 1_000_000;
    private const long MostMerged = 1_000_000;

    private readonly Option<long> _most = new("--most") { Description = "The most pages; sizes are powers of ten up to that.", DefaultValueFactory = _ => 10_000_000 };
    private readonly Option<string?> _svg = new("--svg") { Description = "A file for the picture." };

    protected override IReadOnlyList<Option> Options => [_most, _svg];

    protected override Report Measure(int rounds, ParseResult line)
    {
        var most = IsQuick && line.GetResult(_most) is not { Implicit: false } ? QuickMost : Math.Max(Fewest, line.GetValue(_most));
        var sizes = new List<long>();
        for (var size = Fewest; size <= most; size *= 10)
        {
            sizes.Add(size);
        }

        // A size at a time, so that no other size's memory is held meanwhile. The first time is for the compiler.
        _ = Rows(WarmUpSize, rounds);
        var rows = sizes.SelectMany(size => Rows(size, rounds)).GroupBy(row => row.What).SelectMany(line => line).ToList();
        if (line.GetValue(_svg) is { } file)
        {
            File.WriteAllText(file, GrowthFigure.Svg(rows.Select(row => (row.What, row.Pages, row.Standing.Times!))));
        }

        return new Report(Name, rounds, [.. rows.Select(row => row.Standing)], [.. Claims(rows)]);
    }

    private static IEnumerable<Row> Rows(long size, int rounds)
    {
        Say(string.Create(CultureInfo.InvariantCulture, $"{size:N0} pages"));
        using var file = new GrownFile(size);
        List<(string What, Action<Lap> Run)> all = [("clone", file.Clone), ("first write to a clone", file.FirstWrite), ("fault, a page", file.Fault)];
        if (size <= MostPoked)
        {
            all.Add(("first poke, a page", file.Poke));
        }

        if (size <= MostMerged)
        {
            all.Add(("merging pass, a page", lap => Merge(lap, (int)size)));
        }

        var trace = ZipfPages.Make(Accesses, size);
        var simulation = ReplacementPolicies.Simulate("lru", (int)(size / 10));
        all.Add(("replay (lru), an access", lap =>
        {
            lap.Start();
            simulation.Run(trace.AsSpan(0, (int)Math.Min(trace.Length, 20 * size)));
            lap.Stop(Math.Min(trace.Length, 20 * size));
        }));
        var standings = Run([.. all.Select(one => new Contestant(NameOf(one.What, size), Contestant.Ours, lap => Repeat(one.Run, lap, size)) { WarmUps = 1 })], rounds);
        return [.. standings.Select((standing, at) => new Row(all[at].What, size, standing))];
    }

    // A stretch of few pages is short, so there are several in a round, of which the median counts.
    private static void Repeat(Action<Lap> run, Lap lap, long size)
    {
        for (var left = Math.Max(1, LeastPages / size); left > 0; left--)
        {
            run(lap);
        }
    }

    // The second pass, in which half of the pages find an equal one.
    private static void Merge(Lap lap, int pages)
    {
        using var machine = new MergedMachine(PageLayout.HalfTwice, pages);
        machine.Pass();
        lap.Start();
        machine.Pass();
        lap.Stop(pages);
    }

    private static IEnumerable<Claim> Claims(IEnumerable<Row> rows)
    {
        foreach (var line in rows.GroupBy(row => row.What))
        {
            // Processor caches hold the small sizes; 10,000 pages are the first whose records they do not.
            var times = line.Where(row => row.Pages > Fewest).Select(row => row.Standing.Times!.Median).ToList();
            if (times.Count > 1)
            {
                yield return Claim.Most($"{line.Key}, from 10,000 pages on, slowest to fastest", times.Max() / times.Min(), line.Key.StartsWith("clone", StringComparison.Ordinal) ? 2 : 4, "×");
            }
        }
    }

    private static string NameOf(string what, long size) => string.Create(CultureInfo.InvariantCulture, $"{what}, {size:N0} pages");

    private sealed record Row(string What, long Pages, Standing Standing);
}
