using Reflink.Units;
using Xunit.Abstractions;

namespace Reflink.Tests.Exercising;

/// <summary>Every rule is needed: with any one left out the exerciser fails, and soon.</summary>
public sealed class MutantTests(ITestOutputHelper output)
{
    private const int MostSeeds = 1500;

    // Whoever frees a block has left it before, so the stamp of the frame that dies is a second one.
    private const Rule Redundant = Rule.Freed;

    // These mean nothing to a cache keyed by block.
    private const Rule OfInodes = Rule.SharedClean | Rule.TakenDropped;

    // By name, since a public test cannot take an internal type.
    public static TheoryData<string> Rules => [.. Enum.GetValues<Rule>().Where(r => r is not (Rule.None or Redundant)).Select(r => r.ToString())];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_machine_without_the_rule_fails(string name)
    {
        var rule = Enum.Parse<Rule>(name);
        var seed = Enumerable.Range(1, MostSeeds).FirstOrDefault(s => Exerciser.Play(Exerciser.Make(s), KindOf(s, rule), rule) is not null);
        Assert.True(seed > 0, $"{MostSeeds} programs did not miss {rule}");
        output.WriteLine(Exerciser.Report(seed, KindOf(seed, rule), rule));
    }

    private static WorldKind KindOf(int seed, Rule rule) => WorldKind.All[seed % WorldKind.All.Length]
        .KeyedBy(rule == Rule.ContentLeft ? CacheKeying.Content : (rule & OfInodes) != 0 ? CacheKeying.Inode : CacheKeying.Block);
}
