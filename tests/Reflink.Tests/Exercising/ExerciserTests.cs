using System.Diagnostics;
using System.Globalization;
using Reflink.Units;
using Xunit.Abstractions;

namespace Reflink.Tests.Exercising;

/// <summary>
/// Random programs against the oracle, each with the cache keyed by block and by inode. A run plays a fixed number of seeds, so that
/// it says the same on every machine. REFLINK_EXERCISE_SEED=N begins at seed N, REFLINK_EXERCISE_SEEDS=N plays N seeds.
/// </summary>
public sealed class ExerciserTests(ITestOutputHelper output)
{
    // A machine so slow that it takes longer than this plays fewer programs, and the output says so.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_machine_agrees_with_flat_copies() => Run(1_100, WorldKind.All);

    [Fact]
    public void A_machine_over_FASTER_agrees_as_well() =>
        Run(200, [WorldKind.All[1].OverFaster(), WorldKind.All[3].OverFaster()]);

    [Fact]
    public void A_machine_over_FASTER_on_files_agrees_as_well() =>
        Run(100, [WorldKind.All[1].OverFiles(), WorldKind.All[3].OverFiles(), WorldKind.All[4].OverFiles()]);

    [Fact]
    public void A_machine_of_any_policy_agrees_as_well() => Run(
        160,
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

    private static int? Setting(string name)
    {
        var text = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(text) ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : throw new FormatException($"{name}={text}: a whole number of at least 1 is wanted");
    }

    private void Run(int programs, WorldKind[] kinds)
    {
        var first = Setting("REFLINK_EXERCISE_SEED") ?? 1;
        var wanted = Setting("REFLINK_EXERCISE_SEEDS");
        programs = wanted ?? programs;
        var watch = Stopwatch.StartNew();
        var played = 0;
        for (; played < programs && (played == 0 || wanted is not null || watch.Elapsed < s_longest); played++)
        {
            Play(first + played, kinds);
        }

        output.WriteLine($"{played} seeds from {first} on in {watch.Elapsed}");
        if (played < programs)
        {
            output.WriteLine($"this machine is so slow that {programs - played} of {programs} seeds were left out");
        }
    }

    private static void Play(int seed, WorldKind[] kinds)
    {
        foreach (var keying in Enum.GetValues<CacheKeying>())
        {
            // Every other time round the kinds, with windows of 1 to 8 pages.
            var ahead = seed / kinds.Length % 2 == 0 ? 0 : 1 + (seed % 8);
            var round = seed / kinds.Length;
            var kind = kinds[seed % kinds.Length].KeyedBy(keying).ReadingAhead(ahead) with
            {
                RecipeAware = round % 3 == 0, MapsZeroPage = round % 5 != 0, References = round % 7 == 3 ? ReferenceTracking.Exact : ReferenceTracking.Harvested,
                FaultAround = 1 << (round % 3 * 2), Swappiness = round * 67 % 201, MinFree = round % 4 == 1 ? 2 : 0, ReadAround = round % 5 < 2 ? 0 : 1 << (round % 5), PageCluster = round % 4, Device = round % 3 == 1 ? DeviceModel.Measured : null,
                Dirty = round % 4 < 2 ? null : new DirtyLimits { Bytes = 6 * Page.Size, BackgroundBytes = round % 4 == 2 ? 0 : 2 * Page.Size, Interval = TimeSpan.FromMicroseconds(50), Expiry = TimeSpan.FromMicroseconds(100) },
            };
            if (Exerciser.Play(Exerciser.Make(seed), kind, Rule.None) is not null)
            {
                Assert.Fail(Exerciser.Report(seed, kind, Rule.None));
            }
        }
    }
}
