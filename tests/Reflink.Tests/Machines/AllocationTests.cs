using Reflink.Tests.Measuring;
using Reflink.Vm;

namespace Reflink.Tests.Machines;

/// <summary>What is done all the time allocates nothing once the machine is warm.</summary>
public sealed class AllocationTests
{
    private const int P = Page.Size;
    private const int Pages = 256;
    private const int Measured = 5_000;
    private readonly byte[] _bytes = new byte[P];

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Reads_and_writes_of_cached_pages(CacheKeying keying)
    {
        using var machine = Made(keying, 1024, out var file);
        using var _ = file;
        AllocatesNothing(n =>
        {
            file.Read(n * 7919L % (Pages * P - P), _bytes);
            file.Write(n * 31 % Pages * P, _bytes);
            file.Write((n * 6007L % (Pages * P - 100)), _bytes.AsSpan(0, 100));
        });
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Loads_and_stores(CacheKeying keying)
    {
        using var machine = Made(keying, 1024, out var file);
        using var _ = file;
        var memory = machine.Processes.Spawn(machine.Processes.User(0), "p").Memory;
        var (shared, own) = (memory.Map(file, 0, Pages * P, Protection.ReadWrite, MappingKind.Shared), memory.Map(file, 0, Pages * P, Protection.ReadWrite));
        AllocatesNothing(n =>
        {
            memory.Load(shared + (n % Pages * P), _bytes);
            memory.Store(shared + (n % Pages * P), _bytes.AsSpan(0, 8));
            memory.Load(own + (n % Pages * P), _bytes);
            memory.Store(own + (n % Pages * P), _bytes.AsSpan(0, 8));
        });
    }

    [Theory]
    [InlineData(CacheKeying.Block, 2)]
    [InlineData(CacheKeying.Inode, 1)]
    public void Minor_faults_that_copy_and_that_look_again(CacheKeying keying, int faults)
    {
        using var machine = Made(keying, 1024, out var file);
        using var copy = machine.Volume.Create("/copy");
        using var _ = file;
        var (writer, reader) = (machine.Processes.Spawn(machine.Processes.User(0), "w"), machine.Processes.Spawn(machine.Processes.User(0), "r"));
        var at = writer.Memory.Map(file, 0, Pages * P, Protection.ReadWrite, MappingKind.Shared);
        var other = reader.Memory.Map(file, 0, Pages * P, Protection.Read, MappingKind.Shared);
        var (before, rounds) = (0L, 0);
        AllocatesNothing(
            n =>
            {
                rounds++;
                var page = n % 64 * P;
                reader.Memory.Load(other + page, _bytes.AsSpan(0, 8));
                machine.Volume.CloneRange(file, page, P, copy, page);
                writer.Memory.Store(at + page, [(byte)(n & 0xFF)]);
                reader.Memory.Load(other + page, _bytes.AsSpan(0, 8));
            },
            warm: () => (before, rounds) = (writer.MinorFaults + reader.MinorFaults, 0));
        Assert.Equal(faults * rounds, writer.MinorFaults + reader.MinorFaults - before);
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Misses_that_evict_clean_and_dirty_pages(CacheKeying keying)
    {
        using var machine = Made(keying, 64, out var file);
        using var _ = file;
        AllocatesNothing(n =>
        {
            file.Read(n * 37 % Pages * P, _bytes);
            file.Write(n * 53 % Pages * P, _bytes);
        });
        Assert.True(machine.Cache.Evictions > Measured);
    }

    [Theory]
    [InlineData(CacheKeying.Block)]
    [InlineData(CacheKeying.Inode)]
    public void Clones_and_the_writes_that_part_them(CacheKeying keying)
    {
        using var machine = Made(keying, 2048, out var file);
        using var copy = machine.Volume.Create("/copy");
        using var _ = file;
        AllocatesNothing(n =>
        {
            machine.Volume.Clone(file, copy);
            copy.Write(n * 37 % Pages * P, _bytes);
            file.Write((n * 53 % Pages * P) + 5, _bytes.AsSpan(0, 100));
        });
        Fsck.Require(machine);
    }

    // A file in which every other page is an extent of its own.
    private static Machine Made(CacheKeying keying, int frames, out OpenFile file)
    {
        var machine = new Machine(new MachineOptions { Memory = frames * P, Keying = keying });
        file = machine.Volume.Create("/a");
        for (var step = 0; step < 2; step++)
        {
            for (var page = step; page < Pages; page += 2)
            {
                file.Write(page * P, new byte[P]);
            }
        }

        return machine;
    }

    private static void AllocatesNothing(Action<int> act, Action? warm = null)
    {
        for (var n = 0; n < 30_000; n++)
        {
            act(n);
        }

        warm?.Invoke();
        Allocations.AssertNone(Measured, act);
    }
}
