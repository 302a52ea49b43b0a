using System.CommandLine;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Derived;

/// <summary>Files on demand from descriptions of changes: what they cost to make and to read, beside other ways to keep variants of a file.</summary>
internal sealed class DeriveCommand() : MeasuringCommand("derive", "Variants of a file from descriptions of their changes; copies, XFS, overlayfs and git beside.")
{
    private readonly Option<int> _variants = VariantsOption();

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Options => [_variants];

    /// <inheritdoc/>
    protected override Report Measure(int rounds, ParseResult line)
    {
        if (line.GetValue(_variants) is > 0 and var count)
        {
            Say("many variants");
            var many = new ManyVariants(count);
            var counted = many.Run();
            return new Report(Name, rounds, [], counted) { Notes = many.Notes };
        }

        Say("making the files");
        var bytes = new VariantBytes();
        using var contest = new VariantContest(bytes);
        Say("counting memory and disk");
        var footprint = new VariantFootprint(bytes).Measure(contest.Peers);
        using var pieces = new PieceCosts();
        using var touch = new FirstTouch(bytes);
        using var inserted = new InsertedByte(bytes);
        var standings = Run([.. contest.Contestants, .. pieces.Contestants, .. touch.Contestants, .. inserted.Contestants], rounds);
        return new Report(Name, rounds, standings, [.. PieceCosts.Claims(standings), .. FirstTouch.Claims(standings)])
        {
            Notes = [.. footprint, inserted.Describe()],
        };
    }

    private static Option<int> VariantsOption()
    {
        var variants = new Option<int>("--variants") { Description = "Only make, sync, read and compare that many variants in 80 MiB of memory; 0: measure all else." };
        variants.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 10_000)
            {
                result.AddError("--variants: 0 to 10,000");
            }
        });
        return variants;
    }
}
