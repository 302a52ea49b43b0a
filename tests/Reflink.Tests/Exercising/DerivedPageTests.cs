using Reflink.Tests.Store;
using Reflink.Vm;

namespace Reflink.Tests.Exercising;

/// <summary>Patched pages that left memory are made again from their roots.</summary>
public sealed class DerivedPageTests : IDisposable
{
    private const int Pages = 4;
    private readonly Machine _machine = new(new MachineOptions
    {
        Memory = 64 << Page.Shift,
        PageStore = new RefusingPageStore(new DictionaryPageStore()),
    });

    private readonly Process _process;
    private readonly long _address;

    public DerivedPageTests()
    {
        using var file = _machine.Volume.Create("/lib");
        file.Write(0, Filled(1, Pages * Page.Size));
        _process = _machine.Processes.Spawn(_machine.Processes.User(0), "p");
        _address = _process.Memory.Map(file, 0, Pages * Page.Size, Protection.ReadExecute);
        var builder = new PatchSetBuilder();
        for (var page = 0; page < Pages; page++)
        {
            builder.Add((page * Page.Size) + 10, [1, 1], [2, 3]);
        }

        _machine.TextPoke.Apply(_process, _address, builder.Build());
        _machine.DropCaches();
        Assert.Equal(0, _machine.Cache.Resident);
    }

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void From_roots_in_memory_they_come_without_a_store_read()
    {
        using (var file = _machine.Volume.Open("/lib"))
        {
            file.Read(0, new byte[Pages * Page.Size]);
        }

        var reads = _machine.StoreCalls.Reads;
        LoadAll();
        Assert.Equal(reads, _machine.StoreCalls.Reads);
        Assert.Equal(2 * Pages, _machine.Cache.Resident);
    }

    [Fact]
    public void Otherwise_with_one_read_each_and_the_roots_get_no_frame()
    {
        var reads = _machine.StoreCalls.Reads;
        LoadAll();
        Assert.Equal(reads + Pages, _machine.StoreCalls.Reads);
        Assert.Equal(Pages, _machine.Cache.Resident);
        Assert.Equal((0, Pages), (_process.MinorFaults, _process.MajorFaults));
        LoadAll();
        Assert.Equal(reads + Pages, _machine.StoreCalls.Reads);
    }

    [Fact]
    public void They_are_never_written()
    {
        LoadAll();
        var writes = _machine.StoreCalls.Writes;
        _process.Madvise(_address, Pages * Page.Size, Advice.DontNeed);
        Assert.Equal(Pages, _machine.DropCaches());
        Assert.Equal(writes, _machine.StoreCalls.Writes);
    }

    private static byte[] Filled(byte value, int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private void LoadAll()
    {
        var expected = Filled(1, Page.Size);
        (expected[10], expected[11]) = (2, 3);
        var bytes = new byte[Page.Size];
        for (var page = 0; page < Pages; page++)
        {
            _process.Memory.Load(_address + (page * Page.Size), bytes);
            Assert.Equal(expected, bytes);
        }
    }
}
