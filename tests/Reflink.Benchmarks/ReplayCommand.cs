using System.CommandLine;
using Reflink.Benchmarks.Replays;
using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>Accesses of traces: what a policy takes beside a lookup in a dictionary and BitFaster's caches; memory; growth.</summary>
internal sealed class ReplayCommand() : MeasuringCommand("replay", "Replay a zipf trace under policies, beside a lookup in a Dictionary<ulong,int> of the same size and BitFaster's caches.")
{
    private const int Accesses = 5_000_000;
    private const long Distinct = 1_000_000;
    private const long QuickMost = 10_000_000;
    private static readonly int[] s_sizes = [10_000, 100_000];
    private static readonly (string Policy, double Limit)[] s_limits = [("lru", 1.2), ("fifo", 1.2), ("clock", 1.2), ("sieve", 1.2), ("s3fifo", 3), ("linux", 5)];
    private static readonly string[] s_ghostless = ["lru", "fifo", "clock", "sieve"];

    private readonly Option<long> _most = new("--most") { Description = "The most distinct pages for growth, from 100,000 on.", DefaultValueFactory = _ => 100_000_000 };

    protected override IReadOnlyList<Option> Options => [_most];

    protected override Report Measure(int rounds, ParseResult line)
    {
        Say("making the trace");
        var trace = ZipfPages.Make(Accesses, Distinct);
        var limits = s_limits.Where(l => ReplacementPolicies.Names.Contains(l.Policy)).ToList();
        var contests = s_sizes.Select(pages => new ReplayContest(trace, pages, $"{pages:n0} of {Distinct:n0}")).ToList();
        Say("weighing");
        List<Claim> claims = [.. ReplacementPolicies.Names.Select(name => Claim.Most(
            $"{name}, bytes a cached page", ReplayContest.BytesAPage(trace, name, s_sizes[^1]), s_ghostless.Contains(name) ? 48 : 96, " B"))];
        var standings = Run([.. contests.SelectMany(c => limits.SelectMany(l => c.Of(l.Policy)).Concat(c.Peers("lru")))], rounds).ToList();
        foreach (var contest in contests)
        {
            foreach (var (policy, limit) in limits)
            {
                claims.Add(Claim.Most($"{contest.Discipline(policy)}, ours to the lookup", ToLookup(standings, contest.Discipline(policy)), limit, "×"));
                claims.Add(Claim.Exactly($"{contest.Discipline(policy)}, bytes allocated an access", Of(standings, contest.Discipline(policy), Contestant.Ours).Allocated, 0, " B"));
            }

            claims.Add(Claim.Least($"{contest.Discipline("lru")}, ConcurrentLru to ours", Of(standings, contest.Discipline("lru"), ReplayContest.ConcurrentLru).Ratio, 1, "×"));
            claims.Add(Claim.Least($"{contest.Discipline("lru")}, ConcurrentLfu to ours", Of(standings, contest.Discipline("lru"), ReplayContest.ConcurrentLfu).Ratio, 1, "×"));
        }

        var (few, many) = (Growth(100_000, rounds), Growth(IsQuick && line.GetResult(_most) is not { Implicit: false } ? QuickMost : line.GetValue(_most), rounds));
        standings.AddRange([.. few, .. many]);
        foreach (var (small, large) in few.Zip(many).Where(p => p.First.Contestant.Name == ReplayContest.Lookup))
        {
            claims.Add(Claim.Most($"{large.Contestant.Discipline}: growth of ours to the lookup", small.Ratio / large.Ratio, 2, "×"));
        }

        return new Report(Name, rounds, standings, claims);
    }

    // Memory is a tenth of the pages.
    private static IReadOnlyList<Standing> Growth(long distinct, int rounds)
    {
        Say($"{distinct:n0} pages");
        var pages = (int)(distinct / 10);
        var contest = new ReplayContest(ZipfPages.Make(Accesses, distinct), pages, $"{pages:n0} of {distinct:n0}");
        return Run([.. ((string[])["lru", "s3fifo", "sieve"]).SelectMany(contest.Of)], rounds);
    }

    private static double? ToLookup(IEnumerable<Standing> standings, string discipline) => 1 / Of(standings, discipline, ReplayContest.Lookup).Ratio;

    private static Standing Of(IEnumerable<Standing> standings, string discipline, string name) =>
        standings.Single(s => s.Contestant.Discipline == discipline && s.Contestant.Name == name);
}
