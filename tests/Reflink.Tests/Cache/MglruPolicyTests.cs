using Reflink.Cache.Policies;
using Reflink.Cache.Policies.Mglru;
using Reflink.Cache.Simulation;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>The multi-generational LRU by hand, from mm/vmscan.c, mm/workingset.c and include/linux/mm_inline.h.</summary>
public sealed class MglruPolicyTests
{
    private const int Pages = 4096;
    private readonly MglruPolicy _policy = new(basePages: 0);
    private readonly CacheSimulation _cache;
    private readonly HashSet<int> _there = [];

    public MglruPolicyTests() => _cache = CacheSimulation.Of(_policy, Pages);

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void A_page_that_was_read_five_times_outlives_a_scan_and_one_that_was_read_less_often_does_not(int reads, bool stays)
    {
        for (var n = 0; n < reads; n++)
        {
            Read(1, 2 + n);
        }

        Scan(10_000, Pages * 2);
        Assert.Equal(stays, Has(1));
        Assert.False(Has(2));
    }

    [Fact]
    public void Reading_on_in_the_same_page_is_no_second_use()
    {
        Read(1, 1, 1, 1, 1, 1, 2);
        Scan(10_000, Pages * 2);
        Assert.False(Has(1));
    }

    [Fact]
    public void A_scan_does_not_drive_out_a_loop()
    {
        const int Loop = 1000;
        for (var round = 0; round < 6; round++)
        {
            Scan(0, Loop);
        }

        Scan(100_000, Pages * 10);
        Assert.Equal(Loop, Enumerable.Range(0, Loop).Count(page => Has(page)));
    }

    [Fact]
    public void Pages_that_are_read_twice_and_come_back_are_protected_although_each_use_is_soon_forgotten()
    {
        // 3,000 pages, each of which is read twice in a row every 12,000 pages, beside pages that are read once and never again.
        for (var step = 0; step < 120_000; step++)
        {
            Read(step % 3000, 1_000_000, step % 3000, 2_000_000 + (3 * step), 2_000_001 + (3 * step), 2_000_002 + (3 * step));
        }

        Assert.InRange(Enumerable.Range(0, 3000).Count(page => Has(page)), 1500, 3000);
    }

    [Fact]
    public void Walks_find_a_page_that_is_loaded_now_and_then_so_that_it_stays_beside_a_scan_through_mappings()
    {
        var faults = 0;
        for (var step = 0; step < Pages * 20; step++)
        {
            Load(1_000_000 + step);
            faults += step % 500 == 0 && Load(1) != AccessOutcome.Hit && step > Pages * 2 ? 1 : 0;
        }

        Assert.Equal(0, faults);
        Assert.InRange(Counter("pgrefill"), 1, long.MaxValue);
    }

    [Fact]
    public void Pages_that_were_faulted_in_are_active_and_pages_that_were_read_are_not()
    {
        Load(1);
        Read(2, 3);
        Assert.Equal((1, 2), (Counter("nr_active_file"), Counter("nr_inactive_file")));
    }

    [Fact]
    public void A_page_of_the_working_set_that_comes_back_soon_is_of_the_working_set_again()
    {
        for (var n = 0; n < 6; n++)
        {
            Use(1);
            Use(9);
            _policy.Removed(new FrameNumber(9));
            _there.Remove(9);
        }

        Assert.Equal(1, Evict());
        Assert.Equal(Admission.Activated, Use(1));
        Assert.Equal((1, 1, 0), (Counter("workingset_refault_file"), Counter("workingset_restore_file"), Counter("workingset_activate_file")));
    }

    [Fact]
    public void A_page_that_comes_back_after_four_generations_begins_anew()
    {
        for (var n = 0; n < 6; n++)
        {
            Use(1);
            Use(9);
            _policy.Removed(new FrameNumber(9));
            _there.Remove(9);
        }

        Assert.Equal(1, Evict());
        for (var generation = 0; generation < 8; generation++)
        {
            Use(2, AccessKind.Load);
            Assert.Equal(2, Evict());
        }

        Assert.Equal(Admission.Refault, Use(1));
        Assert.Equal(0, Counter("workingset_restore_file"));
    }

    [Fact]
    public void A_page_that_faults_again_soon_counts_as_an_activation()
    {
        Use(1, AccessKind.Load);
        Assert.Equal(1, Evict());
        Assert.Equal(Admission.Activated, Use(1, AccessKind.Load));
        Assert.Equal((1, 1, 0), (Counter("workingset_refault_file"), Counter("workingset_activate_file"), Counter("workingset_restore_file")));
    }

    [Fact]
    public void Counters_reconcile_whatever_happens()
    {
        var random = new Random(1);
        for (var n = 0; n < 50_000; n++)
        {
            var access = At(random.Next(9000)) with { Kind = (AccessKind)random.Next(5) };
            if (n % 17 == 0)
            {
                _cache.Remove(access.Page);
            }

            _cache.Access(access);
            Assert.Equal(_cache.Resident, _policy.Pages);
        }

        Assert.Equal(_cache.Resident, Counter("nr_active_file") + Counter("nr_inactive_file"));
        Assert.InRange(Counter("pgscan_file"), _cache.Counts.Evictions, long.MaxValue);
        Assert.InRange(Counter("pgactivate"), 1, long.MaxValue);
    }

    [Fact]
    public void With_more_swappiness_more_anonymous_pages_and_fewer_pages_of_files_leave()
    {
        var scanned = new[] { 0, 10, 100, 190, 200 }.Select(swappiness =>
        {
            var policy = new MglruPolicy(basePages: 0) { Swappiness = swappiness };
            var (cache, random) = (CacheSimulation.Of(policy, 1024), new Random(1));
            cache.Anonymous = 1;
            for (var n = 0; n < 100_000; n++)
            {
                var file = random.Next(2);
                cache.Access(new PageAccess(PageKey.Of(file, new PageIndex(random.Next(1000))), AccessKind.Load));
            }

            return (Anonymous: Counter(policy, "pgscan_anon"), File: Counter(policy, "pgscan_file"));
        }).ToList();
        Assert.Equal(0, scanned[0].Anonymous);
        Assert.Equal(scanned.OrderBy(s => s.Anonymous), scanned);
        Assert.Equal(scanned.OrderByDescending(s => s.File), scanned);
        Assert.True(scanned[^1].Anonymous > scanned[1].Anonymous * 5 / 4);
    }

    private long Counter(string name) => Counter(_policy, name);

    private static long Counter(MglruPolicy policy, string name) => policy.Counters.Single(c => c.Name == name).Value;

    // The page comes in if it is not there, in the frame of the same number.
    private Admission? Use(int page, AccessKind access = AccessKind.Read)
    {
        var frame = new FrameNumber(page);
        if (!_there.Add(page))
        {
            _policy.Touched(frame, access, default);
            return null;
        }

        return _policy.Inserted(new Folio(frame), new PageLabel(new InodeNumber(1), new PageIndex(page)), access, default);
    }

    private int Evict()
    {
        var chosen = new FrameNumber[1];
        Assert.Equal(1, _policy.Reclaim(1, default, chosen));
        Assert.True(_there.Remove(chosen[0].Value));
        return chosen[0].Value;
    }

    private AccessOutcome Load(long page) => _cache.Access(At(page) with { Kind = AccessKind.Load });

    private void Read(params long[] pages)
    {
        foreach (var page in pages)
        {
            _cache.Access(At(page));
        }
    }

    private void Scan(long from, int count)
    {
        for (var n = 0; n < count; n++)
        {
            _cache.Access(At(from + n));
        }
    }

    private bool Has(long page) => _cache.Contains(At(page).Page);

    private static PageAccess At(long page) => new(PageKey.Of(0, new PageIndex(page)));
}
