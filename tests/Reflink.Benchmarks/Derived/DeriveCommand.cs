using System.CommandLine;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>Files on demand from descriptions of changes: what they cost to make and to read, beside other ways to keep variants of a file.</summary>
internal sealed class DeriveCommand() : MeasuringCommand("derive", "Variants of a file from descriptions of their changes; copies, XFS, overlayfs and git beside.")
{
    /// <inheritdoc/>
    protected override Report Measure(int rounds, ParseResult line)
    {
        Say("making the files");
        var bytes = new VariantBytes();
        using var contest = new VariantContest(bytes);
        using var pieces = new PieceCosts();
        using var touch = new FirstTouch(bytes);
        var standings = Run([.. contest.Contestants, .. pieces.Contestants, .. touch.Contestants], rounds);
        return new Report(Name, rounds, standings, [.. PieceCosts.Claims(standings), .. FirstTouch.Claims(standings)]);
    }
}
