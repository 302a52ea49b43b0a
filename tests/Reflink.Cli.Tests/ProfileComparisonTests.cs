using Reflink.Cli.Tests.Made;
using Reflink.Elf;
using Reflink.Studies.Comparison;
using Reflink.Studies.Comparison.Mechanisms;
using Reflink.Units;

namespace Reflink.Cli.Tests;

/// <summary>Processes that differ: what frames show must be what follows from the lists of sites.</summary>
public sealed class ProfileComparisonTests
{
    // Two segments that meet in page 3.
    private readonly ElfFile _elf = TestElf.Make(0x8000, (0x1000, 0x3800), (0x3800, 0x8000));

    private static IReadOnlyList<Func<IMechanism>> All =>
        [.. MechanismCatalog.Names.SelectMany(name => MechanismCatalog.Find(name, Enum.GetValues<SharingDomain>()))];

    public static TheoryData<int, int, int> Plans()
    {
        var plans = new TheoryData<int, int, int>();
        for (var seed = 0; seed < 12; seed++)
        {
            // So many profiles, or so many percent; users who do and who do not divide them.
            plans.Add(seed, (seed % 6) + 1, 0);
            plans.Add(seed, 0, (seed * 7) + 3);
        }

        return plans;
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void Frames_are_as_many_as_follow_from_the_sites(int seed, int profiles, int percent)
    {
        var sites = RandomSites(seed);
        var choice = profiles > 0 ? PatchChoice.Consecutive(sites, profiles) : PatchChoice.Random(sites, percent, 8, (ulong)seed);
        var plan = new ComparisonPlan(_elf, choice, 8, (seed % 3) + 1);
        var result = new PatchComparison(plan, All).Run();

        result.RequireAgreement();
        var expected = Recount(plan);
        Assert.Equal(expected, plan.Counts);
        var of = result.Mechanisms.ToDictionary(m => m.Name);
        Assert.Equal(expected.Pages, of["private"].PatchedFrames);
        Assert.Equal(expected.Versions, of["text-poke"].PatchedFrames);
        Assert.Equal(expected.Versions, of["private+ksm"].PatchedFrames);
        Assert.Equal(expected.Versions, of["private+ksm-sync"].PatchedFrames);
        Assert.Equal(expected.UserVersions, of["private+ksm-partitioned"].PatchedFrames);
        Assert.Equal((0, 0), (of["private"].ExposedPairs, of["private+ksm-partitioned"].ExposedPairs));
        Assert.Equal(of["text-poke"].ExposedPairs, of["private+ksm"].ExposedPairs);
        Assert.Equal(expected.ProfilePages, of["copied-file"].PatchedFrames);
        Assert.Equal(expected.ProfilePages, of["delta"].PatchedFrames);
        Assert.Equal(expected.UserVersions, of["text-poke/user"].PatchedFrames);
        Assert.Equal(expected.ProcessVersions, of["text-poke/none"].PatchedFrames);
        Assert.Equal(0, of["text-poke"].PrivateFrames);
        Assert.Equal(0, of["text-poke"].FramesAfterRevert);
    }

    [Fact]
    public void Breakpoints_in_private_copies_are_private_frames()
    {
        var builder = new PatchSetBuilder();
        for (var offset = 0x1000; offset < 0x7f00; offset += 97)
        {
            builder.Add(offset, _elf.Read(offset, 1), [(byte)(_elf.Read(offset, 1)[0] ^ 0xff)]);
        }

        var plan = new ComparisonPlan(_elf, PatchChoice.Random(builder.Build(), 10, 7, 5), 7, 2);
        var figures = new PatchComparison(plan, [() => new PrivateMechanism()]).Run().Mechanisms[0];

        Assert.Equal(plan.Counts.Pages, figures.PrivateFrames);
        Assert.Equal(plan.Counts.Pages, figures.FramesAfterRevert);
        Assert.InRange(plan.Counts.Pages, 20, 7 * 8);
    }

    /// <summary>Across a page's end the first time both pages change, the second time only the one, the third time only the other.</summary>
    [Fact]
    public void A_page_whose_bytes_stay_does_not_count()
    {
        var counts = new ComparisonPlan(_elf, Edits((0x1ffe, [1, 1, 1, 1]), (0x4ffe, [0, 1, 0, 0]), (0x6fff, [0, 1])), 3, 3).Counts;

        Assert.Equal(new PatchCounts(3 * 4, 4, 3 * 4, 3 * 4, 4, 4), counts);
    }

    [Fact]
    public void Another_number_of_frames_than_follows_is_an_error_that_names_both()
    {
        var plan = new ComparisonPlan(_elf, Edits((0x1234, [1])), 3, 1);
        var result = new PatchComparison(plan, [() => new TextPokeMechanism(), () => new WatchedMechanism(new PrivateMechanism(), tooMany: 2)]).Run();

        var failure = Assert.Throws<ReflinkException>(result.RequireAgreement);
        Assert.StartsWith("EIO: private has 3 patched frames where 5 follow from the sites; ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EIO, failure.Error);
    }

    [Fact]
    public void A_mechanism_that_cannot_is_told_of_and_left_out()
    {
        var plan = new ComparisonPlan(_elf, Edits((0x1234, [1])), 3, 1);
        var result = new PatchComparison(plan, [() => new IdleMechanism(refuses: "has no hands"), () => new PrivateMechanism()]).Run();

        Assert.Equal([new RefusedMechanism("idle", "has no hands")], result.Refused);
        Assert.Equal(["private"], result.Mechanisms.Select(m => m.Name));
        var failure = Assert.Throws<ReflinkException>(() => new PatchComparison(plan, [() => new IdleMechanism(refuses: "has no hands")]));
        Assert.Equal("EINVAL: 'idle' has no hands", failure.Message);
        Assert.Throws<ReflinkException>(() => new PatchComparison(plan, []));
    }

    /// <summary>Two profiles: two or four users have one each, three have both.</summary>
    [Theory]
    [InlineData(2, "uprobes")]
    [InlineData(3, "uprobes", "user-overlay")]
    [InlineData(4, "uprobes")]
    public void Who_patches_several_processes_alike_refuses_those_that_differ(int users, params string[] refused)
    {
        var result = new PatchComparison(new ComparisonPlan(_elf, PatchChoice.Consecutive(RandomSites(2), 2), 6, users), All).Run();

        Assert.Equal(refused, result.Refused.Select(r => r.Name));
        result.RequireAgreement();
    }

    [Fact]
    public void Uprobes_put_breakpoints_into_everyone_and_leave_nothing()
    {
        var builder = new PatchSetBuilder();
        for (var offset = 0x1000; offset < 0x7f00; offset += 1500)
        {
            builder.Add(offset, _elf.Read(offset, 1), [0xcc]);
        }

        var plan = new ComparisonPlan(_elf, builder.Build(), 5, 2);
        var result = new PatchComparison(plan, [() => new UprobesMechanism()]).Run();
        result.RequireAgreement();
        Assert.Equal((plan.Counts.Pages, 0L), (result.Mechanisms[0].PrivateFrames, result.Mechanisms[0].FramesAfterRevert));
    }

    [Fact]
    public void More_profiles_than_processes_are_refused() =>
        Assert.Throws<ReflinkException>(() => new ComparisonPlan(_elf, PatchChoice.Consecutive(RandomSites(1), 5), 4, 1));

    // By what every page comes to hold, rather than by the edits.
    private PatchCounts Recount(ComparisonPlan plan)
    {
        var (pages, ofProcesses, ofProfiles) = (0L, 0L, 0L);
        var (versions, ofUsers, ofInodes) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        for (var i = 0; i < plan.Processes; i++)
        {
            var set = plan.Choice.Profiles[i % plan.Choice.Profiles.Count];
            var file = _elf.Read(0, 0x8000).ToArray();
            for (var p = 0; p < set.Count; p++)
            {
                set.New(p).CopyTo(file.AsSpan((int)set.Offset(p)));
            }

            for (var page = 1; page < 8; page++)
            {
                var bytes = file.AsSpan(page * 4096, 4096);
                if (!bytes.SequenceEqual(_elf.Read(page * 4096, 4096)))
                {
                    var version = $"{page} {Convert.ToHexString(bytes)}";
                    pages += page == 3 ? 2 : 1;
                    ofProcesses++;
                    ofProfiles += i < plan.Choice.Profiles.Count ? 1 : 0;
                    versions.Add(version);
                    ofUsers.Add($"{i % plan.Users} {version}");
                    foreach (var (first, end) in ((int, int)[])[(1, 4), (3, 8)])
                    {
                        if (page >= first && page < end)
                        {
                            ofInodes.Add($"{page} of {Within(set, first * 4096, end * 4096)}");
                        }
                    }
                }
            }
        }

        return new PatchCounts(pages, versions.Count, ofUsers.Count, ofProcesses, ofProfiles, ofInodes.Count);
    }

    // What a set changes between two offsets, in words.
    private static string Within(PatchSet set, long start, long end) => string.Concat(Enumerable.Range(0, set.Count).Select(i =>
    {
        var (from, to) = (Math.Max(start, set.Offset(i)), Math.Min(end, set[i].End));
        var part = from < to ? (int)(from - set.Offset(i))..(int)(to - set.Offset(i)) : ..0;
        return set.Old(i)[part].SequenceEqual(set.New(i)[part]) ? "" : $"{from}:{Convert.ToHexString(set.New(i)[part])} ";
    }));

    // 1 to 6 bytes each, of which some stay, also across pages' ends.
    private PatchSet RandomSites(int seed)
    {
        var random = new Random(seed);
        var builder = new PatchSetBuilder();
        for (var at = 0x1000 + random.Next(40); at < 0x7ef0; at += 6 + random.Next(600))
        {
            // Near the end of a page step back, so that some lie across it.
            var offset = (at & 0xfff) > 0xf00 ? at | 0xffe : at;
            var bytes = _elf.Read(offset, 1 + random.Next(6)).ToArray();
            byte[] changed = [.. bytes.Select(b => (byte)(b ^ (random.Next(3) == 0 ? 0 : 1)))];
            builder.Add(offset, bytes, changed);
            at = Math.Max(at, offset);
        }

        return builder.Build();
    }

    private PatchSet Edits(params (int Offset, byte[] Flip)[] edits)
    {
        var builder = new PatchSetBuilder();
        foreach (var (offset, flip) in edits)
        {
            var old = _elf.Read(offset, flip.Length).ToArray();
            builder.Add(offset, old, [.. old.Zip(flip, (b, f) => (byte)(b ^ f))]);
        }

        return builder.Build();
    }
}
