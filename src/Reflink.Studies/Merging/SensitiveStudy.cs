using Reflink.Vm;

namespace Reflink.Studies.Merging;

/// <summary>
/// An example of two partitions, made and used through control files as an administrator would: services share a public image
/// and keep secrets. With classic KSM whoever guesses a secret page finds out by the time of a write that somebody has it.
/// </summary>
public sealed class SensitiveStudy : IMergingStudy
{
    private const string Root = "/sys/kernel/mm/ksm/";
    private const string Sensitive = "sensitive";
    private const string Public = "non-sensitive";
    private const long FirstSecret = 1_000_000;
    private const long WrongGuess = 2_000_000;

    /// <inheritdoc/>
    public string Name => "sensitive";

    /// <inheritdoc/>
    public string Does => "an example: partitions 'sensitive' and 'non-sensitive' by control files, what they share, and what an attacker learns";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("public", 64, 1, 1 << 16, "Pages of the image that everybody has"),
        new("secret", 8, 1, 1 << 16, "Secret pages that the two services have alike"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var commands = new List<string>();
        var partitions = new List<IReadOnlyList<object?>>();
        IReadOnlyList<object?>[] rows =
        [
            Row("everything advised to ksm", options, (bench, people) => Classic(bench, people, cancel), null),
            Row("two partitions", options, (bench, people) => Partitioned(bench, people, options["public"], commands, cancel), partitions),
        ];
        return new(
            [
                new("what is shared, and what mallory learns", ["way", "frames", "saved_pages", "exposed_frames", "pairs_exposed", "right_guess_ns", "wrong_guess_ns"], rows),
                new("partitions", ["partition", "members", "pages_shared", "pages_sharing", "general_profit"], partitions),
            ],
            [
                "alice and bob run a service with equal secrets; mallory has the image, a page that equals a secret and one that does not, and times a write to each",
                "sensitive holds the secrets of alice and bob, who are exposed to each other in it; give each a partition to end that, too",
                .. commands.Select(c => $"$ {c}"),
            ])
        {
            Details = ["exposed_frames", "wrong_guess_ns"],
        };
    }

    private static IReadOnlyList<object?> Row(
        string way, StudyOptions options, Action<StudyBench, IReadOnlyList<Process>> merge, List<IReadOnlyList<object?>>? partitions)
    {
        var image = Enumerable.Range(1, options.Count("public")).Select(n => (long)n).ToList();
        var secrets = Enumerable.Range(0, options.Count("secret")).Select(n => FirstSecret + n).ToList();
        var all = (2 * (image.Count + secrets.Count)) + image.Count + 2L;
        using var bench = new StudyBench(all, options["seed"]);
        var alice = bench.Start("alice", [.. image, .. secrets]);
        var bob = bench.Start("bob", [.. image, .. secrets]);
        var mallory = bench.Start("mallory", [.. image, FirstSecret, WrongGuess]);
        merge(bench, [alice, bob, mallory]);
        foreach (var partition in partitions is null ? [] : bench.Ksm.Partitions)
        {
            var c = partition.Counters;
            partitions!.Add([partition.Name, (long)partition.Members.Count(), c.PagesShared, c.PagesSharing, c.GeneralProfit]);
        }

        var (frames, exposure) = (bench.Frames, bench.Ksm.Exposure());
        return [way, frames, all - frames, exposure.Frames, exposure.Pairs, bench.Write(mallory, image.Count), bench.Write(mallory, image.Count + 1)];
    }

    private static void Classic(StudyBench bench, IReadOnlyList<Process> people, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        foreach (var process in people)
        {
            StudyBench.Advise(process, process.Memory.Mappings[0].Length);
        }

        Scan.UntilSettled(bench.Ksm.Machine);
    }

    // Mallory may put into the public partition what he likes: what he guesses is not there.
    private static void Partitioned(StudyBench bench, IReadOnlyList<Process> people, long image, List<string> commands, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        void Echo(string text, string file)
        {
            commands.Add($"echo {text} > {Root}{file}");
            bench.Machine.Control[Root + file] = text;
        }

        Echo(Sensitive, "control/add_partition");
        Echo(Public, "control/add_partition");
        foreach (var (i, process) in people.Index())
        {
            var (middle, end) = (StudyBench.At(image), StudyBench.At(process.Memory.Mappings[0].Length));
            var isService = i < 2;
            Echo($"{process.Id} {StudyBench.Base:x} {(isService ? middle : end):x}", $"partition/{Public}/trigger_merge");
            if (isService)
            {
                Echo($"{process.Id} {middle:x} {end:x}", $"partition/{Sensitive}/trigger_merge");
            }
        }

        foreach (var partition in bench.Ksm.Partitions)
        {
            Echo("1", $"partition/{partition.Name}/run");
            Scan.UntilSettled(partition);
        }
    }
}
