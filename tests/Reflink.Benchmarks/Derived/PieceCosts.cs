using System.Globalization;
using Reflink.Descriptions;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>What a derived file costs by the number of its changes, and by the size of its base.</summary>
internal sealed class PieceCosts : IDisposable
{
    private const long Large = 1L << 30;
    private const int FewChanges = 10;
    private const int Chunk = 1 << 20;
    private static readonly int[] s_changes = [FewChanges, 1_000, 100_000];
    private static readonly long[] s_sizes = [64L << 20, 4L << 30];

    private readonly Machine _machine = new(new MachineOptions { Memory = 2L << 30 });

    // Several for small ones, at other places each, so that the processor's caches know the pages of none.
    private readonly Dictionary<(long Size, int Changes), ChangeDescription[]> _descriptions = [];

    /// <summary>Makes the bases: one of 1 GiB that is written, and others that are made of its ranges.</summary>
    public PieceCosts()
    {
        using var written = Volume.Create(Base(Large));
        var chunk = new byte[Chunk];
        chunk.AsSpan().Fill(7);
        for (var at = 0L; at < Large; at += Chunk)
        {
            written.Write(at, chunk);
        }

        foreach (var size in s_sizes)
        {
            using var file = Volume.Create(Base(size));
            for (var at = 0L; at < size; at += Large)
            {
                Volume.CloneRange(written, 0, Math.Min(size, Large), file, at);
            }

            _descriptions[(size, FewChanges)] = Describe(size, FewChanges);
        }

        foreach (var changes in s_changes)
        {
            _descriptions[(Large, changes)] = Describe(Large, changes);
        }
    }

    /// <summary>One for each number of changes and for each size.</summary>
    public IEnumerable<Contestant> Contestants =>
    [
        .. s_changes.Select(changes => new Contestant(ByChanges(changes), Contestant.Ours, lap => Derive(lap, Large, changes, changes))
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"a byte each, in pages of their own of 1 GiB; {_descriptions[(Large, changes)][0].Count:N0} pieces"),
        }),
        .. s_sizes.Select(size => new Contestant(BySize(size), Contestant.Ours, lap => Derive(lap, size, FewChanges, 1))),
    ];

    private Volume Volume => _machine.Volume;

    /// <summary>What was asked.</summary>
    public static IEnumerable<Claim> Claims(IReadOnlyList<Standing> standings)
    {
        var times = s_changes.Select(changes => Median(standings, ByChanges(changes))).ToList();
        yield return Claim.Most("derive, time a change, slowest to fastest", times.Max() / times.Min(), 2, "×");
        var sizes = s_sizes.Select(size => Median(standings, BySize(size))).ToList();
        yield return Claim.Most("derive a file of 4 GiB with 10 changes", sizes[^1] / 1e6, 1, " ms");
        yield return Claim.Most("the same to a file of 64 MiB", sizes[^1] / sizes[0], 2, "×");
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    private static double Median(IReadOnlyList<Standing> standings, string discipline) =>
        standings.Single(s => s.Contestant.Discipline == discipline).Times!.Median;

    private static string ByChanges(int changes) => string.Create(CultureInfo.InvariantCulture, $"derive, a change of {changes:N0}");

    private static string BySize(long size) => string.Create(CultureInfo.InvariantCulture, $"derive {size >> 20:N0} MiB, 10 changes");

    private static string Base(long size) => string.Create(CultureInfo.InvariantCulture, $"/base{size}");

    private static ChangeDescription[] Describe(long size, int changes) =>
        [.. Enumerable.Range(0, Math.Max(1, 1_000 / changes)).Select(seed => Describe(size, changes, new Random(seed)))];

    // Pages spread over all of the file, one in each of equal parts.
    private static ChangeDescription Describe(long size, int changes, Random random)
    {
        var builder = new ChangeDescription.Builder(new DescribedBase(size, Base(size)));
        var part = (size >> Page.Shift) / changes;
        for (var i = 0L; i < changes; i++)
        {
            builder.Write((((i * part) + random.NextInt64(part)) << Page.Shift) + random.Next(Page.Size), [(byte)random.Next(256)]);
        }

        return builder.Build();
    }

    private void Derive(Lap lap, long size, int changes, int operations)
    {
        foreach (var description in _descriptions[(size, changes)])
        {
            lap.Start();
            Volume.Derive(description, "/derived");
            lap.Stop(operations);
            Volume.Unlink("/derived");
            _machine.Settle();
        }
    }
}
