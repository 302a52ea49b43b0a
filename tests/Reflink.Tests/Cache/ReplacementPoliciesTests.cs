using Reflink.Units;

namespace Reflink.Tests.Cache;

public sealed class ReplacementPoliciesTests
{
    private const int P = Page.Size;

    public static TheoryData<string> Names => [.. ReplacementPolicies.Names];

    [Fact]
    public void Each_is_made_by_its_name()
    {
        Assert.Equal(["fifo", "lru", "clock", "linux", "mglru", "sieve", "2q", "s3fifo", "arc", "lirs", "lruk", "wtinylfu"], ReplacementPolicies.Names);
        Assert.All(ReplacementPolicies.Names, name => Assert.Equal(name, ReplacementPolicies.Create(name, 16).Name));
        Assert.NotSame(ReplacementPolicies.Create("lru", 16), ReplacementPolicies.Create("lru", 16));
    }

    [Fact]
    public void A_name_that_is_none_is_refused_with_those_that_are()
    {
        var refusal = Assert.Throws<ReflinkException>(() => ReplacementPolicies.Create("mru", 16));
        Assert.Equal(Errno.EINVAL, refusal.Error);
        Assert.Contains("'mru'; there are fifo, lru, clock, linux, mglru, sieve", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Anonymous_pages_that_may_not_leave_are_never_the_policys(string name)
    {
        using var machine = new Machine(new MachineOptions { Memory = 32 * P, Policy = name });
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        var address = process.Memory.MapAnonymous(8 * P, Protection.ReadWrite);
        using var file = machine.Volume.Create("/a");
        for (var n = 0; n < 100; n++)
        {
            process.Memory.Store(address + (n % 8 * P), [(byte)n]);
            file.Write(n * P, [(byte)n]);
            process.Memory.Load(address + (n * 3 % 8 * P), new byte[1]);
            process.Fork().Exit();
        }

        Assert.True(machine.Cache.Evictions > 50);
        Fsck.Require(machine);
    }

    [Theory]
    [InlineData("fifo", 1)]
    [InlineData("lru", 0)]
    [InlineData("clock", 0)]
    public void A_page_that_is_used_again_and_again_stays_but_in_a_queue(string name, int reads)
    {
        using var machine = new Machine(new MachineOptions { Memory = 16 * P, Readahead = 0, Policy = name });
        using var file = machine.Volume.Create("/a");
        file.Write(0, new byte[P]);
        for (var n = 1; n <= 17; n++)
        {
            file.Read(0, new byte[1]);
            file.Write(n * P, new byte[P]);
        }

        Assert.Equal(reads, machine.StoreCalls.Reads);
    }
}
