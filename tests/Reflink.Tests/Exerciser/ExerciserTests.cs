using System.Diagnostics;
using System.Globalization;
using Reflink.Cache;
using Reflink.Cache.Replacement;
using Reflink.Units;
using Xunit;
using Xunit.Abstractions;

namespace Reflink.Tests.Exercising;

/// <summary>
/// Random programs against the oracle, each with the cache keyed by block and by inode. REFLINK_EXERCISE_SEED begins at a seed, REFLINK_EXERCISE_SEEDS plays that many; without
/// it a run plays as many as fit its time.
/// </summary>
public class ExerciserTests(ITestOutputHelper output)
{
    [Fact]
    public void A_machine_agrees_with_flat_copies() => Run(TimeSpan.FromSeconds(30), WorldKind.All);

    [Fact]
    public void A_machine_over_FASTER_agrees_as_well() =>
        Run(TimeSpan.FromSeconds(4), [WorldKind.All[1].OverFaster(), WorldKind.All[3].OverFaster()]);

    [Fact]
    public void A_machine_over_FASTER_on_files_agrees_as_well() =>
        Run(TimeSpan.FromSeconds(4), [WorldKind.All[1].OverFiles(), WorldKind.All[3].OverFiles(), WorldKind.All[4].OverFiles()]);

    [Fact]
    public void A_machine_of_any_policy_agrees_as_well() => Run(
        TimeSpan.FromSeconds(6),
        [.. from policy in ReplacementPolicies.Names where policy != "fifo" from kind in WorldKind.All[1..] select kind.Under(policy)]);

    [Fact]
    public void Pages_come_to_be_merged_in_every_form()
    {
        var merges = new long[Enum.GetValues<MergeForm>().Length];
        for (var seed = 1; seed <= 500; seed++)
        {
            var kind = WorldKind.All[seed % WorldKind.All.Length].KeyedBy((CacheKeying)(seed / WorldKind.All.Length % 2));
            var failure = Exerciser.Play(Exerciser.Make(seed), kind, Rule.None, merges: merges);
            Assert.True(failure is null, $"seed {seed}: {failure}");
        }

        output.WriteLine(string.Join(", ", Enum.GetValues<MergeForm>().Select(form => $"{form} {merges[(int)form]}")));
        Assert.All(Enum.GetValues<MergeForm>(), form => Assert.True(merges[(int)form] >= 10, $"{form}: {merges[(int)form]} pages"));
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private void Run(TimeSpan time, WorldKind[] kinds)
    {
        var first = Setting("REFLINK_EXERCISE_SEED") ?? 1;
        var most = Setting("REFLINK_EXERCISE_SEEDS") ?? int.MaxValue;
        var watch = Stopwatch.StartNew();
        var seed = first;
        for (; seed - first < most && (most < int.MaxValue || watch.Elapsed < time); seed++)
        {
            foreach (var keying in Enum.GetValues<CacheKeying>())
            {
                // Every other time round the kinds, with windows of 1 to 8 pages.
                var ahead = seed / kinds.Length % 2 == 0 ? 0 : 1 + (seed % 8);
                var kind = kinds[seed % kinds.Length].KeyedBy(keying).ReadingAhead(ahead) with { RecipeAware = seed / kinds.Length % 3 == 0 };
                if (Exerciser.Play(Exerciser.Make(seed), kind, Rule.None) is not null)
                {
                    Assert.Fail(Exerciser.Report(seed, kind, Rule.None));
                }
            }
        }

        output.WriteLine($"{seed - first} programs in {watch.Elapsed}");
    }
}
