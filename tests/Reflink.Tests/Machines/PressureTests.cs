using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>What shared pages save where memory is short; the sizes that the README names: Reflink.Benchmarks -- pressure.</summary>
public sealed class PressureTests
{
    private const int P = Page.Size;
    private const int Pages = 64;

    [Theory]
    [InlineData("lru", CacheKeying.Block, Pages)]
    [InlineData("linux", CacheKeying.Block, Pages)]
    [InlineData("lru", CacheKeying.Inode, 8 * Pages)]
    [InlineData("linux", CacheKeying.Inode, 8 * Pages)]
    [InlineData("mglru", CacheKeying.Block, Pages)]
    [InlineData("mglru", CacheKeying.Inode, 8 * Pages)]
    public void Clones_read_in_turn_read_each_block_once_if_pages_are_found_by_block(string policy, CacheKeying keying, int reads)
    {
        using var machine = new Machine(new MachineOptions { Memory = Pages * 3 / 2 * P, Policy = policy, Keying = keying });
        Fill(machine);
        for (var n = 1; n < 8; n++)
        {
            machine.Volume.Clone("/f", $"/f{n}");
        }

        machine.DropCaches();
        var before = machine.Meter.Total(WorkKind.StoreRead);
        foreach (var path in (string[])["/f", .. Enumerable.Range(1, 7).Select(n => $"/f{n}")])
        {
            using var file = machine.Volume.Open(path);
            var bytes = new byte[P];
            for (var page = 0; page < Pages; page++)
            {
                Assert.Equal(P, file.Read((long)page * P, bytes));
                Assert.Equal(new byte[P].Select(_ => (byte)(page + 1)), bytes);
            }
        }

        Assert.Equal(reads, machine.Meter.Total(WorkKind.StoreRead) - before);
    }

    [Theory]
    [InlineData("lru")]
    [InlineData("linux")]
    [InlineData("mglru")]
    public void Who_knows_recipes_makes_patched_pages_again_and_reads_nothing(string policy)
    {
        var (reads, made) = Rounds(new MachineOptions { Memory = Pages * 3 / 2 * P, Policy = policy, RecipeAware = true });
        Assert.Equal(0, reads);
        Assert.InRange(made, 1, 3 * 3 * Pages);
    }

    [Fact]
    public void Who_does_not_reads_about_a_page_for_each_that_is_made_again()
    {
        var (reads, made) = Rounds(new MachineOptions { Memory = Pages * 3 / 2 * P, Policy = "lru" });
        Assert.InRange(reads / (double)made, 0.5, 2);
    }

    [Fact]
    public void A_page_that_is_no_longer_derived_stands_in_line_with_the_others()
    {
        using var machine = new Machine(new MachineOptions { Memory = 16 * P, Policy = "lru", RecipeAware = true, Keying = CacheKeying.Inode });
        Fill(machine);
        var (process, address) = Start(machine);
        machine.TextPoke.Apply(process, address, Set());
        for (var round = 0; round < 2; round++)
        {
            for (var page = 0; page < Pages; page++)
            {
                Assert.Equal(0xCC, process.Memory.Load<byte>(address + (page * P) + 8));
            }
        }

        Assert.Empty(Fsck.Check(machine));
    }

    // Two processes, one patched, load all pages in turn: what the rounds after the first took.
    private static (long Reads, long Made) Rounds(MachineOptions options)
    {
        using var machine = new Machine(options);
        Fill(machine);
        var (plain, patched) = (Start(machine), Start(machine));
        machine.TextPoke.Apply(patched.Process, patched.Address, Set());
        machine.DropCaches();
        var (reads, made) = (0L, 0L);
        for (var round = 0; round < 4; round++)
        {
            if (round == 1)
            {
                (reads, made) = (machine.Meter.Total(WorkKind.StoreRead), machine.Meter.Total(WorkKind.PageDerived));
            }

            Assert.All(Enumerable.Range(0, Pages), page => Assert.Equal(page + 1, plain.Process.Memory.Load<byte>(plain.Address + (page * P) + 8)));
            Assert.All(Enumerable.Range(0, Pages), page => Assert.Equal(0xCC, patched.Process.Memory.Load<byte>(patched.Address + (page * P) + 8)));
        }

        return (machine.Meter.Total(WorkKind.StoreRead) - reads, machine.Meter.Total(WorkKind.PageDerived) - made);
    }

    private static void Fill(Machine machine)
    {
        using var file = machine.Volume.Create("/f");
        for (var page = 0; page < Pages; page++)
        {
            var bytes = new byte[P];
            Array.Fill(bytes, (byte)(page + 1));
            file.Write((long)page * P, bytes);
        }
    }

    private static PatchSet Set()
    {
        var builder = new PatchSetBuilder();
        for (var page = 0; page < Pages; page++)
        {
            builder.Add((page * P) + 8, [(byte)(page + 1)], [0xCC]);
        }

        return builder.Build();
    }

    private static (Process Process, long Address) Start(Machine machine)
    {
        using var file = machine.Volume.Open("/f");
        var process = machine.Processes.Spawn(machine.Processes.User(0), "p");
        return (process, process.Memory.Map(file, 0, Pages * P, Protection.ReadExecute));
    }
}
