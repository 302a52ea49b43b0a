using Reflink.Tests.Files;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Vm;

/// <summary>With MGLRU a process can be ended where all pages were used lately, rather than one page driven out for another (lru_gen_age_node, mm/vmscan.c).</summary>
public sealed class MinimumAgeTests : IDisposable
{
    private const int P = Page.Size;
    private const string Age = "/sys/kernel/mm/lru_gen/min_ttl_ms";
    private Machine _machine = null!;

    public void Dispose() => _machine?.Dispose();

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1000, 0, true)]
    [InlineData(1000, 2, false)]
    public void The_greatest_process_is_ended_only_where_every_generation_is_younger_than_is_wanted(int milliseconds, int seconds, bool isEnded)
    {
        Start(OutOfMemory.Kill);
        _machine.Control[Age] = $"{milliseconds}";
        var (big, small) = (Spawn("big", 150), Spawn("small", 20));
        _machine.Wait(TimeSpan.FromSeconds(seconds));
        var heap = Grow(small, 90);
        Assert.Equal((isEnded, false), (big.IsKilled, small.IsKilled));
        Assert.Equal(isEnded ? 1 : 0, Counter("oom_kill"));
        Assert.Equal(isEnded, Counter("pswpout") < 10);
        Assert.Equal(90, small.Memory.Load<byte>(heap + (89 * P)));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Who_needs_memory_and_holds_the_most_is_told_that_it_was_ended()
    {
        Start(OutOfMemory.Kill);
        _machine.Control[Age] = "1000";
        var (big, small) = (Spawn("big", 150), Spawn("small", 20));
        var failed = Assert.Throws<ReflinkException>(() => Grow(big, 90));
        Assert.Equal(Errno.ENOMEM, failed.Error);
        Assert.Equal((true, false), (big.IsKilled, small.IsKilled));
        Assert.Equal(20, small.Memory.Load<byte>(small.Memory.Mappings[0].Start.Address + (19 * P)));
        Fsck.Require(_machine);
    }

    [Fact]
    public void Where_no_process_may_be_ended_pages_go_on_being_driven_out()
    {
        Start(OutOfMemory.Refuse);
        _machine.Control[Age] = "1000";
        var (big, small) = (Spawn("big", 150), Spawn("small", 20));
        Grow(small, 90);
        Assert.Equal((false, false), (big.IsKilled, small.IsKilled));
        Assert.True(Counter("pswpout") > 10);
    }

    [Theory]
    [InlineData("4294967296")]
    [InlineData("-1")]
    [InlineData("soon")]
    public void The_age_is_a_number_of_milliseconds(string wrong)
    {
        Start(OutOfMemory.Kill);
        Assert.Equal("0", _machine.Control[Age]);
        _machine.Control[Age] = "4294967295";
        Assert.Equal(Errno.EINVAL, Errors.Of(() => _machine.Control[Age] = wrong));
        Assert.Equal("4294967295", _machine.Control[Age]);

        using var other = new Machine(new MachineOptions { Policy = "linux" });
        Assert.Equal(Errno.ENOENT, Errors.Of(() => _ = other.Control[Age]));
    }

    private void Start(OutOfMemory outOfMemory) =>
        _machine = new Machine(new MachineOptions { Memory = 256 * P, Swap = 1024 * P, MinFree = 16 * P, Policy = "mglru", OutOfMemory = outOfMemory });

    private Process Spawn(string name, int pages)
    {
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), name);
        _ = Grow(process, pages);
        return process;
    }

    private static long Grow(Process process, int pages)
    {
        var heap = process.Memory.MapAnonymous(pages * P, Protection.ReadWrite);
        for (var page = 0; page < pages; page++)
        {
            process.Memory.Store(heap + (page * P), [(byte)(page + 1)]);
        }

        return heap;
    }

    private long Counter(string name) => long.Parse(
        _machine.Control["/proc/vmstat"].Split('\n').Select(line => line.Split(' ')).Single(fields => fields[0] == name)[1], System.Globalization.CultureInfo.InvariantCulture);
}
