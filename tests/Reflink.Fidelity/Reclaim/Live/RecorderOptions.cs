namespace Reflink.Fidelity.Reclaim.Live;

/// <summary>What is recorded, and where to.</summary>
/// <param name="Folder">Where the recordings go.</param>
/// <param name="Suites">The suites.</param>
/// <param name="Traces">A folder of traces; null for the seeded ones.</param>
/// <param name="Runs">How many runs of a trace there are at the most, up to <see cref="MostRuns"/>.</param>
/// <param name="Seed">What the seeded traces and the kinds of accesses begin with.</param>
/// <param name="Accesses">The length of the seeded traces.</param>
/// <param name="Devices">What the file lies on, and what anonymous pages are swapped to.</param>
/// <param name="KeepsCounters">Whether what memory.stat said is kept, too.</param>
public sealed record RecorderOptions(string Folder, IReadOnlyList<LiveSuite> Suites, string? Traces, int Runs, ulong Seed, int Accesses, DeviceKind Devices, bool KeepsCounters)
{
    /// <summary>More runs are refused.</summary>
    public const int MostRuns = 50;

    /// <summary>The ending of the names of traces, before that of the packing.</summary>
    public const string TraceEnding = ".u32";

    /// <summary>The traces for a suite.</summary>
    /// <exception cref="InvalidDataException">A trace of the folder is damaged, or there is none.</exception>
    public IEnumerable<PageTrace> TracesFor(LiveSuite suite) => Traces is null ? SeededTraces.Of(suite.Megabytes, Accesses, Seed) : FolderTraces(Traces);

    private static IEnumerable<PageTrace> FolderTraces(string folder)
    {
        var files = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            .SelectMany(file => PackedFile.Endings.Select(e => TraceEnding + e).Where(e => file.EndsWith(e, StringComparison.Ordinal)).Select(e => (file, Name: Path.GetFileName(file)[..^e.Length])))
            .ToList();
        return files.Count == 0
            ? throw new InvalidDataException($"{folder}: there is no trace (T{TraceEnding}, T{TraceEnding}.gz or T{TraceEnding}.xz)")
            : files.Select(f => new PageTrace(f.Name, PackedFile.ReadTrace(f.file)));
    }
}
