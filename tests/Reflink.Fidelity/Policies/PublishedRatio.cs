using System.Globalization;

namespace Reflink.Fidelity.Policies;

/// <summary>A line of the table that libCacheSim's results are in.</summary>
public sealed record PublishedRatio(string Trace, long Requests, long Distinct, string Policy, int Pages, decimal MissRatio)
{
    public static IReadOnlyList<PublishedRatio> Read(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line.Split(',')).Select(cells => new PublishedRatio(
        cells[0], Number(cells[1]), Number(cells[2]), cells[3] == "twoq" ? "2q" : cells[3], (int)Number(cells[4]), decimal.Parse(cells[5], CultureInfo.InvariantCulture)))];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
