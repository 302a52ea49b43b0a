using Reflink.Cache.Policies.Linux;
using Reflink.Cache.Simulation;
using Reflink.Tests.Measuring;
using Reflink.Units;

namespace Reflink.Tests.Cache;

/// <summary>Linux's two lists by hand, from mm/swap.c, mm/vmscan.c and mm/workingset.c.</summary>
public sealed class LinuxPolicyTests
{
    private const int Pages = 4096;
    private readonly LinuxPolicy _policy = new(Pages, new LinuxOptions { FlushInterval = 1, BasePages = 0 });
    private readonly CacheSimulation _cache;

    public LinuxPolicyTests() => _cache = CacheSimulation.Of(_policy, Pages);

    [Fact]
    public void A_page_that_is_used_twice_outlives_a_scan_and_one_that_is_used_once_does_not()
    {
        Read(1, 2, 1);
        Scan(10_000, Pages * 2);
        Assert.True(Has(1));
        Assert.False(Has(2));
    }

    [Fact]
    public void Reading_on_in_the_same_page_is_no_second_use()
    {
        Read(1, 1, 1, 2);
        Scan(10_000, Pages * 2);
        Assert.False(Has(1));
    }

    [Fact]
    public void A_page_that_comes_back_sooner_than_the_active_list_is_long_begins_active()
    {
        for (var page = 0; page < 2000; page++)
        {
            Read(page, 100_000 + (page % 3), page);
        }

        var victim = 200_000L;
        Read(victim);
        Scan(300_000, 3000);
        Assert.False(Has(victim));
        Assert.Equal(AccessOutcome.Activation, _cache.Access(At(victim)));
    }

    [Fact]
    public void A_page_that_was_away_for_longer_begins_anew()
    {
        Scan(0, Pages * 4);
        Assert.Equal(AccessOutcome.Refault, _cache.Access(At(0)));
    }

    [Fact]
    public void What_the_trees_of_pages_take_is_charged_to_the_limit()
    {
        Scan(0, 65_536);
        Assert.InRange(_policy.Tree.ChargedPages, 80, 149);
        Assert.InRange(_cache.Resident, Pages - _policy.Tree.ChargedPages - 96, Pages - _policy.Tree.ChargedPages);
    }

    [Fact]
    public void Shadow_entries_of_nodes_above_one_in_eight_pages_are_dropped()
    {
        for (var page = 0L; page < 20_000; page++)
        {
            Read(page * 64);
        }

        Assert.InRange(_policy.Tree.ShadowNodes, 1, Pages / 4);
        Assert.True(_policy.Tree.Reclaimed > 10_000);
        Assert.Equal(AccessOutcome.Miss, _cache.Access(At(0)));
    }

    [Fact]
    public void Stale_counters_change_what_is_reclaimed()
    {
        var outcomes = new[] { 1, 16, 4096 }.Select(interval =>
        {
            var cache = CacheSimulation.Of(new LinuxPolicy(Pages, new LinuxOptions { FlushInterval = interval }), Pages);
            for (var n = 0; n < 100_000; n++)
            {
                cache.Access(At((long)(n * 2654435761u % 5000) * (n % 3 == 0 ? 1 : 2)));
            }

            return cache.Counts.Misses;
        }).Distinct();
        Assert.Equal(3, outcomes.Count());
    }

    [Fact]
    public void Counters_reconcile_whatever_happens()
    {
        var inserted = 0L;
        for (var n = 0; n < 50_000; n++)
        {
            var page = At((long)(n * 2654435761u % 9000));
            if (n % 17 == 0)
            {
                inserted -= _cache.Contains(page.Page) ? 1 : 0;
                _cache.Remove(page.Page);
            }

            _cache.Access(page);
            Assert.True(_cache.Resident <= Pages);
            Assert.Equal(_cache.Counts.Misses - _cache.Counts.Evictions + inserted, _cache.Resident);
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_memory_was_full_and_its_pages_known()
    {
        Scan(0, 20_000);
        Scan(0, 20_000);
        Allocations.AssertNone(() => Scan(0, 20_000));
    }

    [Fact]
    public void A_write_is_no_use_that_keeps_a_page_and_bringing_one_in_to_be_written_is_no_refault()
    {
        Write(1, 2, 1, 2, 1);
        Read(3, 4, 3);
        Scan(10_000, Pages * 2);
        Assert.Equal((false, true), (Has(1), Has(3)));
        Assert.Equal(AccessOutcome.Miss, _cache.Access(At(1, AccessKind.Write)));
        Assert.Equal(AccessOutcome.Refault, _cache.Access(At(4)));
    }

    [Fact]
    public void A_dirty_page_becomes_active_when_reclaim_meets_it_beside_clean_ones()
    {
        Scan(0, 40);
        Write(40);
        Scan(41, Pages);
        Assert.Equal((false, true, false), (Has(39), Has(40), Has(41)));
    }

    [Fact]
    public void Where_reclaim_meets_only_dirty_pages_all_are_written_and_those_that_it_wanted_leave_next()
    {
        for (var page = 0; page < Pages - 100; page++)
        {
            Write(page);
        }

        Scan(10_000, 200);
        Assert.InRange(_cache.Counts.Writebacks, Pages - 100, Pages);
        Assert.False(Has(0));
        Assert.True(Has(Pages - 101));

        // A policy that nobody writes for evicts dirty pages as it does clean ones, and each is written as it leaves.
        var alone = CacheSimulation.Of(new LinuxPolicy(Pages, new LinuxOptions { FlushInterval = 1, BasePages = 0 }), Pages);
        alone.HasFlusher = false;
        for (var page = 0; page < Pages + 100; page++)
        {
            alone.Access(At(page, AccessKind.Write));
        }

        Assert.Equal(alone.Counts.Evictions, alone.Counts.Writebacks);
    }

    private void Write(params long[] pages)
    {
        foreach (var page in pages)
        {
            _cache.Access(At(page, AccessKind.Write));
        }
    }

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

    private static PageAccess At(long page, AccessKind kind = AccessKind.Read) => new(PageKey.Of(0, new PageIndex(page)), kind);
}
