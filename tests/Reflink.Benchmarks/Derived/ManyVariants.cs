using System.Diagnostics;
using System.Globalization;
using Reflink.Measuring;
using Reflink.Testing;
using Reflink.Units;

namespace Reflink.Benchmarks.Derived;

/// <summary>Many variants of a file in a machine that has little more memory than the file, on a disk of little more: made, synced, read and compared.</summary>
internal sealed class ManyVariants(int count)
{
    private const int ChangesEach = 100;
    private const long Memory = 80 << 20;
    private const double Mebi = 1 << 20;
    private readonly VariantBytes _bytes = new(ChangesEach);
    private readonly List<string> _notes = [];

    /// <summary>What was seen on the way.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Does all of it.</summary>
    public IReadOnlyList<Claim> Run()
    {
        using var folder = new ScratchFolder("derive");
        using var machine = new Machine(new MachineOptions
        {
            Memory = Memory, RecipeAware = true, Store = new StoreOptions { Folder = folder.Of("store"), Use = StoreUse.Durable },
        });
        Do("write and sync the base", () => WriteBase(machine));
        for (var number = 1; number <= count; number++)
        {
            _bytes.Changes(number);
        }

        var managed = GC.GetTotalMemory(forceFullCollection: true);
        Do(string.Create(CultureInfo.InvariantCulture, $"describe and make {count:N0} variants"), () => Make(machine));
        managed = GC.GetTotalMemory(forceFullCollection: true) - managed;
        Do("sync", machine.Volume.Sync);
        var disk = new DirectoryInfo(folder.Of("store")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        var (reads, wrong) = (machine.StoreCalls.Reads, 0L);
        var made = machine.Meter.Total(WorkKind.PageDerived);
        Do("read and compare all of them", () => wrong = CountWrong(machine));
        reads = machine.StoreCalls.Reads - reads;
        made = machine.Meter.Total(WorkKind.PageDerived) - made;
        var blocks = machine.Volume.Blocks.Total - machine.Volume.Blocks.Free;
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{made:N0} pages were made while reading; recipes and maps take {managed / Mebi:0.0} MiB"));
        return
        [
            Claim.Exactly($"{count:N0} variants of 64 MiB read in 80 MiB, MiB that were wrong", wrong, 0, ""),
            Claim.Exactly("store reads while they were read, the base being in memory", reads, 0, ""),
            Claim.Exactly("blocks of the volume, the base having all of them", blocks, VariantBytes.Pages, ""),
            Claim.Most("the store's folder after the sync", disk / Mebi, 80, " MiB"),
        ];
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"/variant{number}");

    private void WriteBase(Machine machine)
    {
        using var file = machine.Volume.Create("/base");
        for (var at = 0; at < VariantBytes.Size; at += VariantBytes.Chunk)
        {
            file.Write(at, _bytes.Base.Slice(at, VariantBytes.Chunk));
        }

        machine.Volume.Sync();
    }

    private void Make(Machine machine)
    {
        for (var number = 1; number <= count; number++)
        {
            machine.Volume.Derive(_bytes.Describe(number), Name(number));
        }
    }

    private long CountWrong(Machine machine)
    {
        var (buffer, wrong) = (new byte[VariantBytes.Chunk], 0L);
        for (var number = 1; number <= count; number++)
        {
            using var file = OurVariants.Reading(machine.Volume.Open(Name(number)));
            wrong += _bytes.CountWrong(number, file, buffer);
        }

        return wrong;
    }

    private void Do(string what, Action act)
    {
        var watch = Stopwatch.StartNew();
        act();
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {watch.Elapsed.TotalSeconds:0.00} s"));
    }
}
