using System.Globalization;
using Reflink.Cli.Reporting;
using Reflink.Studies;
using Reflink.Studies.Experiments;
using Reflink.Studies.Replaying;

namespace Reflink.Cli.Replaying;

/// <summary>What machines did with a trace, for people as a table, for programs as JSON and CSV.</summary>
internal static class MachineReplayReport
{
    public static string Json(MachineReplayResult result) => ReplayReport.Json(new
    {
        result.Facts,
        result.Options.Door,
        result.Options.Copies,
        result.Options.Merging,
        result.Options.Machine.Keying,
        result.Options.Machine.References,
        minFreeBytes = result.Options.Machine.MinFree,
        result.Options.Machine.Dirty,
        device = result.Options.Machine.Device?.Name,
        faultAroundBytes = result.Options.Machine.FaultAround,
        readaheadBytes = result.Options.Machine.Readahead,
        readAroundBytes = result.Options.Machine.ReadAround,
        result.Rows,
    });

    public static string Csv(MachineReplayResult result) => Reporting.Csv.Of(result.Rows);

    public static Report Text(MachineReplayResult result) => ReplayReport.Facts(result.Facts).Note(Setting(result.Options)).Blank().Table(new(
        "",
        [
            "policy", "memory", "miss_ratio", "misses", new("minor_faults", 1), new("major_faults", 1), "pages_read", "pages_written", new("evicted", 2), new("scanned", 2), new("stolen", 2), new("stalls", 2), new("stalled", 2), new("disk_wait", 2), new("paused", 2), new("refaults_file", 1), new("refaults_anon", 1), new("peak_frames", 3), .. result.Options.Merging is null ? (Column[])[] : ["pages_shared", "pages_sharing", "merging"], "time",
        ],
        [.. result.Rows.Select(r => (IReadOnlyList<object?>)
        [
            r.Policy, new ByteSize(r.Pages << Page.Shift).ToString(), Quantity.Of(r.MissRatio.ToString("F4", CultureInfo.InvariantCulture)), r.Misses, r.MinorFaults, r.MajorFaults,
            r.StoreReads, r.StoreWrites, r.Evicted, r.Scanned, r.Stolen, r.Stalls, Seconds(r.StalledNanoseconds), Seconds(r.DiskWaitNanoseconds), Seconds(r.PausedNanoseconds), r.FileRefaults, r.AnonymousRefaults, (long)r.PeakFrames, .. result.Options.Merging is null ? (object?[])[] : [r.PagesShared, r.PagesSharing, Seconds(r.MergeNanoseconds ?? 0)], Seconds(r.Nanoseconds),
        ])])).Blank()
        .Note("a miss is an access that read the store, if only to read ahead of a page that it found; time is simulated, by the machine's prices (reflink compare --help says more)");

    private static Quantity? Seconds(long nanoseconds) => Quantity.Of(string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:F3} s"));

    private static string Setting(MachineReplayOptions options)
    {
        var copies = options.Copies == 1 ? "one file for each of the trace" : $"each file and {Counted.Of(options.Copies - 1, "reflink")} of it in turn";
        var door = options.Door == TraceDoor.Calls
            ? "by read() and write()"
            : $"by loads and stores, of which the policy {(options.Machine.References == ReferenceTracking.Exact ? "is told each" : "sees accessed bits")}; a fault maps {SizeText.Of(options.Machine.FaultAround)}";
        var merging = options.Merging is { } m ? $"; each is mapped private by a process of its own, and ksmd looks at {m.PagesToScan} pages every {m.SleepMilliseconds} ms" : "";
        return $"on a machine keyed by {Caching.KeyingNames.Of(options.Machine.Keying)}: {copies}, {door}; {(options.Door == TraceDoor.Mapped ? $"{SizeText.Of(options.Machine.ReadAround)} are read around a page that is missing" : $"reads are read ahead up to {SizeText.Of(options.Machine.Readahead)}")}{merging}";
    }
}
