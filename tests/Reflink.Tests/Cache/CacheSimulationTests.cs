using CsCheck;
using Reflink.Cache.Policies;
using Reflink.Cache.Simulation;
using Reflink.Tests.Measuring;
using Reflink.Units;

namespace Reflink.Tests.Cache;

public sealed class CacheSimulationTests
{
    private static readonly Gen<PageAccess[]> s_trace =
        Gen.Select(Gen.Int[0, 39], Gen.Bool, (page, writes) => new PageAccess(new PageKey((ulong)page * 0x1_0000_0001), writes ? AccessKind.Write : AccessKind.Read)).Array[0, 400];

    public static TheoryData<string> Names => [.. ReplacementPolicies.Names];

    private static Gen<int> Small(string name)
    {
        var least = ReplacementPolicies.Create(name, 100) is IChargingPolicy charging ? charging.Least : 1;
        return Gen.Int[least, least + 29];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_counted_adds_up_after_every_access(string name) => Gen.Select(s_trace, Small(name)).Sample(
        (trace, capacity) =>
        {
            var simulation = ReplacementPolicies.Simulate(name, capacity);
            var there = new HashSet<PageKey>();
            var written = 0;
            foreach (var access in trace)
            {
                written += access.Kind is AccessKind.Write or AccessKind.Store ? 1 : 0;
                Assert.Equal(simulation.Contains(access.Page), simulation.Access(access) == AccessOutcome.Hit);
                there.Add(access.Page);
                Assert.True(simulation.Contains(access.Page));
                var counts = simulation.Counts;
                Assert.Equal(simulation.Resident, counts.Misses - counts.Evictions);
                Assert.InRange(simulation.Resident, 1, capacity);
                Assert.InRange(counts.Writebacks, 0, written);
            }

            Assert.Equal(simulation.Resident, there.Count(simulation.Contains));
            Assert.Equal(trace.Length, simulation.Counts.Accesses);
        },
        iter: 300);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_is_its_accesses_in_turn(string name) => Gen.Select(s_trace, Small(name)).Sample(
        (trace, capacity) =>
        {
            var (one, all) = (ReplacementPolicies.Simulate(name, capacity), ReplacementPolicies.Simulate(name, capacity));
            foreach (var access in trace)
            {
                one.Access(access);
            }

            all.Run(trace);
            Assert.Equal(one.Counts, all.Counts);
        },
        iter: 200);

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_allocated_once_memory_was_full(string name)
    {
        var simulation = ReplacementPolicies.Simulate(name, 1000);
        var trace = Enumerable.Range(0, 20_000).Select(n => new PageAccess(new PageKey((ulong)(n * 7919L % 3001 * (n % 3))))).ToArray();
        simulation.Run(trace);
        simulation.Run(trace);
        Allocations.AssertNone(() => simulation.Run(trace));
    }

    [Fact]
    public void Pages_that_were_written_are_written_back_when_they_leave()
    {
        var simulation = ReplacementPolicies.Simulate("fifo", 2);
        simulation.Run([Page(1, AccessKind.Write), Page(2), Page(1), Page(3), Page(4), Page(2, AccessKind.Store), Page(2), Page(5), Page(6)]);
        Assert.Equal((7, 5, 2), (simulation.Counts.Misses, simulation.Counts.Evictions, simulation.Counts.Writebacks));
    }

    [Fact]
    public void A_folio_comes_and_goes_as_one()
    {
        var simulation = ReplacementPolicies.Simulate("lru", 8);
        simulation.ReadAhead(new PageKey(100), 4, default);
        simulation.Run([Page(1), Page(2), Page(3), Page(4)]);
        Assert.Equal(AccessOutcome.Hit, simulation.Access(Page(102)));
        simulation.Access(Page(5));
        Assert.Equal((8, true, false), (simulation.Resident, simulation.Contains(new PageKey(103)), simulation.Contains(new PageKey(1))));
        simulation.Run([Page(6), Page(7), Page(8), Page(9)]);
        Assert.Equal((5, false), (simulation.Resident, simulation.Contains(new PageKey(100))));
        simulation.Remove(new PageKey(9));
        Assert.Equal((4, 4), (simulation.Resident, simulation.Counts.ReadAhead));
    }

    [Fact]
    public void Counts_start_anew_after_a_warm_up()
    {
        var simulation = ReplacementPolicies.Simulate("lru", 2);
        simulation.Run([Page(1), Page(2)]);
        simulation.ResetCounts();
        simulation.Run([Page(1), Page(3)]);
        Assert.Equal((1, 1, 0.5), (simulation.Counts.Hits, simulation.Counts.Misses, simulation.Counts.MissRatio));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(CacheSimulation.MaxCapacity + 1)]
    public void A_cache_that_cannot_be_is_refused(int capacity) =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<ReflinkException>(() => ReplacementPolicies.Simulate("lru", capacity)).Error);

    private static PageAccess Page(int page, AccessKind kind = AccessKind.Read) => new(new PageKey((ulong)page), kind);
}
