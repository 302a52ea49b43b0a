using System.Globalization;
using System.Text.RegularExpressions;
using Reflink.Fidelity.Reclaim.Live;

namespace Reflink.Fidelity.Reclaim;

/// <summary>How runs of a kernel were recorded: the limit, readahead, and after how many accesses memory.stat was read.</summary>
/// <param name="Name">Its name in the names of files.</param>
/// <param name="Megabytes">The limit, in MiB.</param>
/// <param name="ReadsAhead">Whether the file was read ahead, 128 KiB at the most, with large folios.</param>
/// <param name="FlushInterval">The counters were flushed every so many accesses.</param>
public sealed partial record ReclaimSuite(string Name, int Megabytes, bool ReadsAhead, int FlushInterval)
{
    // What memory.stat was read after, where the name does not say.
    private const int Interval = 16;

    /// <summary>Pages of the file that the recordings read.</summary>
    public const long FilePages = 163_840;

    /// <summary>What the recorder says of its suites M, W, A and X; null for suites of read() alone.</summary>
    public LiveSuite? Live { get; init; }

    /// <summary>The limit, in pages.</summary>
    public int Pages => Megabytes * (1 << 20) / Reflink.Page.Size;

    /// <summary>How far agreement may lie below the kernel's with itself in the mean, in points.</summary>
    public double MeanShortfall => Live is null ? 0.1 : 0.3;

    /// <summary>How far agreement may lie below the kernel's with itself in any trace, in points.</summary>
    public double WorstShortfall => Live is not null ? 1.0 : ReadsAhead ? 0.6 : 0.5;

    /// <summary>How far the miss ratio may be off, in points, where the recorded runs do not spread wider.</summary>
    public double MissRatioError => Live is not null ? 0.3 : ReadsAhead ? 0.25 : Megabytes == 64 ? 0.05 : 0.15;

    /// <summary>What a name says: R64 (no readahead, 64 MiB), RA64, m16-f16 (16 MiB, flushed every 16), or a suite of the recorder; null: it is none of these.</summary>
    public static ReclaimSuite? Parse(string name)
    {
        if (LiveSuite.Parse(name) is { Letter: not 'R' } live)
        {
            return new ReclaimSuite(name, live.Megabytes, false, Interval) { Live = live };
        }

        var match = Name_().Match(name);
        if (!match.Success)
        {
            return null;
        }

        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return match.Groups["limit"].Success
            ? new ReclaimSuite(name, Number("limit"), false, Number("flush"))
            : new ReclaimSuite(name, Number("memory"), match.Groups["ahead"].Success, Interval);
    }

    [GeneratedRegex(@"^(?:R(?<ahead>A)?(?<memory>[1-9]\d{0,4})|m(?<limit>[1-9]\d{0,4})-f(?<flush>[1-9]\d{0,5}))$")]
    private static partial Regex Name_();
}
