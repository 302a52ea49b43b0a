namespace Reflink.Studies.Merging;

/// <summary>Users with pages in common, merged within one partition for all, within two, and so on to one each: what is saved, and who is exposed to whom.</summary>
public sealed class PartitionsStudy : IMergingStudy
{
    /// <inheritdoc/>
    public string Name => "partitions";

    /// <inheritdoc/>
    public string Does => "memory saved against pairs of users exposed, for one partition to one for each user";

    /// <inheritdoc/>
    public IReadOnlyList<StudyOption> Options { get; } =
    [
        new("users", 8, 1, 256, "Users, with two processes each"),
        new("pages", 256, 1, 1 << 20, "Pages of each process"),
        new("common", 50, 0, 100, "Percent of them that all users have alike; of the others a user's processes have the same"),
        StudyOption.Seed,
    ];

    /// <inheritdoc/>
    public StudyResult Run(StudyOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var rows = Enumerable.Range(1, options.Count("users")).Select(n => Row(options, n, cancel));
        return new(
            [new($"{options["users"]} users", ["partitions", "frames", "saved_pages", "saved_KiB", "exposed_frames", "pairs_exposed", "places_that_tell"], [.. rows])],
            [
                "pairs_exposed: pairs of users who share a frame, frame by frame; places_that_tell: mappings of such frames, where the time of a write tells",
                "users are dealt out to the partitions in turn; a user's own equal pages are merged in any case",
            ]);
    }

    private static IReadOnlyList<object?> Row(StudyOptions options, int partitions, CancellationToken cancel)
    {
        var (users, pages) = (options.Count("users"), options.Count("pages"));
        var common = pages * options["common"] / 100;
        using var bench = new StudyBench(2L * users * pages, options["seed"]);
        for (var u = 0L; u < users; u++)
        {
            cancel.ThrowIfCancellationRequested();
            var user = bench.Machine.Processes.AddUser($"user{u}");
            long[] contents = [.. Enumerable.Range(0, pages).Select(p => p < common ? 1 + p : 1 + p + ((1 + u) * pages))];
            for (var i = 0; i < 2; i++)
            {
                bench.MergeWithin($"part{u % partitions}", bench.Start(user, user.Name, contents), pages);
            }
        }

        var (saved, exposure) = ((2L * users * pages) - bench.Frames, bench.Ksm.Exposure());
        return [(long)partitions, bench.Frames, saved, saved << (Page.Shift - 10), exposure.Frames, exposure.Pairs, exposure.Pages];
    }
}
