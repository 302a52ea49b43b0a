using System.Globalization;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Cached;

/// <summary>Random pages of files in memory, read and overwritten: every size by us and by the bare copy, one size by all.</summary>
internal sealed class CachedFiles : IDisposable
{
    // A quarter of a millisecond each, so that most are over before somebody else wants the processor.
    private const int Operations = 512;
    private const int Stretches = 40;
    private const int Compared = 256;
    private const string Scattered = "ours, scattered";

    private readonly List<ICachedFile> _files = [];
    private readonly byte[] _page = new byte[Page.Size];

    public CachedFiles()
    {
        foreach (var size in Sizes)
        {
            var bytes = (long)size << 20;
            OurFile? scattered = null;
            List<ICachedFile> same = [new OurFile(bytes), new BareArena(bytes)];
            if (size == Common)
            {
                scattered = new OurFile(bytes, Scattered);
                same.AddRange([scattered, StreamFile.Memory(bytes), StreamFile.Mock(bytes)]);
                same.AddRange(SharedMemoryFile.TryMake(bytes, out var why));
                Absent = why;
            }

            Fill(same, bytes);
            scattered?.Scatter();
            _files.AddRange(same);
            Contestants = [.. Contestants, .. same.SelectMany(file => Both(file, size))];
        }

        if (Absent.Length > 0)
        {
            Contestants = [.. Contestants, .. ((string[])[Reading(Common), Writing(Common)]).Select(what => Contestant.Absent(what, "/dev/shm", Absent))];
        }
    }

    /// <summary>MiB of the file that everybody has.</summary>
    public static int Common => 256;

    /// <summary>MiB of the files.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [16, 64, 256, 1024];

    public IReadOnlyList<Contestant> Contestants { get; } = [];

    private string Absent { get; } = "";

    public static string Reading(int size) => string.Create(CultureInfo.InvariantCulture, $"read a page of {size:N0} MiB");

    public static string Writing(int size) => string.Create(CultureInfo.InvariantCulture, $"write a page of {size:N0} MiB");

    public void Dispose() => _files.ForEach(f => f.Dispose());

    // All hold the same, no page like another; then some are read back, so that nobody wins who reads something else.
    private static void Fill(List<ICachedFile> files, long bytes)
    {
        var random = new Random(1);
        var (page, back) = (new byte[Page.Size], new byte[Page.Size]);
        for (var at = 0L; at < bytes; at += Page.Size)
        {
            random.NextBytes(page.AsSpan(0, 64));
            files.ForEach(f => f.Write(at, page));
        }

        for (var n = 0; n < Compared; n++)
        {
            var at = random.NextInt64(bytes >> Page.Shift) << Page.Shift;
            files[0].Read(at, page);
            foreach (var file in files)
            {
                file.Read(at, back);
                if (!back.AsSpan().SequenceEqual(page))
                {
                    throw new InvalidOperationException($"{file.Name} reads other bytes at {at}");
                }
            }
        }
    }

    private IEnumerable<Contestant> Both(ICachedFile file, int size)
    {
        var (reads, writes) = (new RandomPages(size), new RandomPages(size));
        yield return new Contestant(Reading(size), file.Name, lap => Run(lap, () => file.Read(reads.Next(), _page))) { Note = file.Note };
        yield return new Contestant(Writing(size), file.Name, lap => Run(lap, () => file.Write(writes.Next(), _page))) { Note = file.Note };
    }

    private static void Run(Lap lap, Action act)
    {
        for (var stretch = 0; stretch < Stretches; stretch++)
        {
            lap.Start();
            for (var n = 0; n < Operations; n++)
            {
                act();
            }

            lap.Stop(Operations);
        }
    }
}
