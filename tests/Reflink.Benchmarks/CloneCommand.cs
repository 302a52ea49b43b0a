using System.CommandLine;
using System.Globalization;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>Clones of files of 1 to 2^18 extents, beside XFS; the first write after a clone; dropping clones.</summary>
internal sealed class CloneCommand() : MeasuringCommand("clone", "Clone files of 1 to 262,144 extents, write to clones, drop them; XFS beside.")
{
    private const int Largest = 1 << 18;
    private static readonly int[] s_all = [1, 1_000, 100_000, Largest];

    // XFS takes seconds for each clone of the large ones.
    private static readonly int[] s_few = [1, 1_000, 10_000];

    protected override Report Measure(int rounds, ParseResult line)
    {
        Say("making the files");
        var sizes = IsQuick ? s_few : s_all;
        using var ours = new ClonedFiles(sizes);
        using var xfs = XfsImage.TryMount(out var why);
        using var peers = xfs is null ? null : XfsFiles.TryMake(xfs, sizes, out why);
        var contestants = sizes.SelectMany(size => Contestants(ours, peers, why, size)).ToList();
        var standings = Run(contestants, rounds);
        return new Report(Name, rounds, standings, Claims(standings, sizes)) { Notes = [ours.Describe(), peers?.Describe() ?? $"XFS skipped: {why}"] };
    }

    private static IEnumerable<Contestant> Contestants(ClonedFiles ours, XfsFiles? peers, string why, int size)
    {
        yield return new Contestant(Clone(size), Contestant.Ours, lap => ours.Clone(lap, size)) { Note = "onto an open empty file" };
        yield return peers is null
            ? Contestant.Absent(Clone(size), "XFS", why)
            : new Contestant(Clone(size), "XFS", lap => peers.Clone(lap, size)) { Note = "FICLONE onto an open empty file", WarmUps = 0 };
        yield return new Contestant(Named(size), Contestant.Ours, lap => ours.CloneNamed(lap, size)) { Note = "by path, a new name each" };
        yield return new Contestant(FirstWrite(size), Contestant.Ours, lap => ours.WriteToClones(lap, size)) { Note = "1 byte, to the clone" };
        yield return new Contestant(SourceWrite(size), Contestant.Ours, lap => ours.WriteToSource(lap, size)) { Note = "4 KiB, to the source" };
        yield return new Contestant(Drop(size), Contestant.Ours, lap => ours.Drop(lap, size)) { Note = "1,000 clones in random order" };
        yield return new Contestant(DropWritten(size), Contestant.Ours, lap => ours.DropWritten(lap, size)) { Note = "as before, each with a page of its own" };
    }

    private static List<Claim> Claims(IReadOnlyList<Standing> standings, int[] sizes)
    {
        var peer = standings.First(s => s.Contestant.Discipline == Clone(sizes[^1]) && s.Contestant.Name != Contestant.Ours);
        return
        [
            Claim.Most("clones over the sizes, slowest to fastest", Spread(standings, sizes, Clone), 2, "×"),
            Claim.Least($"clone of {sizes[^1]:N0} extents, XFS to ours", peer.Ratio, sizes[^1] == Largest ? 10_000 : 100, "×"),
            Claim.Most("first write to a clone, the slowest size", Slowest(standings, sizes, FirstWrite) / 1e3, 20, " µs"),
            Claim.Most("first write to a source, the slowest size", Slowest(standings, sizes, SourceWrite) / 1e3, 20, " µs"),
            Claim.Most("drops over the sizes, slowest to fastest", Spread(standings, sizes, Drop), 2, "×"),
        ];
    }

    private static IEnumerable<double> Medians(IReadOnlyList<Standing> standings, int[] sizes, Func<int, string> discipline) =>
        sizes.Select(size => standings.Single(s => s.Contestant.Discipline == discipline(size) && s.Contestant.Name == Contestant.Ours).Times!.Median);

    private static double Spread(IReadOnlyList<Standing> standings, int[] sizes, Func<int, string> discipline) =>
        Medians(standings, sizes, discipline).Max() / Medians(standings, sizes, discipline).Min();

    private static double Slowest(IReadOnlyList<Standing> standings, int[] sizes, Func<int, string> discipline) => Medians(standings, sizes, discipline).Max();

    private static string Clone(int size) => Of("clone", size);

    private static string Named(int size) => Of("clone to a name", size);

    private static string FirstWrite(int size) => Of("first write, clone", size);

    private static string SourceWrite(int size) => Of("first write, source", size);

    private static string Drop(int size) => Of("drop", size);

    private static string DropWritten(int size) => Of("drop, written", size);

    private static string Of(string what, int size) => string.Create(CultureInfo.InvariantCulture, $"{what}, {size:N0} extent{(size == 1 ? "" : "s")}");
}
