using Reflink.Measuring;
using Reflink.Units;
using Reflink.Vm;

namespace Reflink.Benchmarks.Growing;

/// <summary>
/// A file of so many pages, each of them an extent of its own: they are blocks of a small file in random order, so that its map is as large as a
/// map can be and its bytes take no memory to speak of.
/// </summary>
internal sealed class GrownFile : IDisposable
{
    private const int Blocks = 1_000;
    private const int Clones = 100;
    private const byte Content = 0x90;
    private readonly Machine _machine = new(new MachineOptions { Memory = 256L << 20 });
    private readonly long _pages;
    private PatchSet? _sites;

    public GrownFile(long pages)
    {
        _pages = pages;
        var volume = _machine.Volume;
        using var blocks = volume.Create("/blocks");
        var page = new byte[Page.Size];
        page.AsSpan().Fill(Content);
        for (var i = 0; i < Blocks; i++)
        {
            blocks.Write((long)i << Page.Shift, page);
        }

        var random = new Random(1);
        File = volume.Create("/file");
        for (var i = 0L; i < pages; i++)
        {
            volume.CloneRange(blocks, random.NextInt64(Blocks) << Page.Shift, Page.Size, File, i << Page.Shift);
        }
    }

    private OpenFile File { get; }

    /// <summary>Clones of the file, each onto an open empty one.</summary>
    public void Clone(Lap lap) => WithClones((target, _) => _machine.Volume.Clone(File, target), lap, before: null);

    /// <summary>The first byte that is written to a clone.</summary>
    public void FirstWrite(Lap lap) =>
        WithClones((target, at) => target.Write(at, [1]), lap, before: target => _machine.Volume.Clone(File, target));

    /// <summary>A load of every page by a process that has just mapped the file: a minor fault each.</summary>
    public void Fault(Lap lap)
    {
        var (process, address) = Map();
        Span<byte> loaded = stackalloc byte[1];
        lap.Start();
        for (var i = 0L; i < _pages; i++)
        {
            process.Memory.Load(address + (i << Page.Shift), loaded);
        }

        lap.Stop(_pages);
        process.Exit();
    }

    /// <summary>A poke of one byte in every page, which derives all of them.</summary>
    public void Poke(Lap lap)
    {
        _sites ??= EverySite();
        var (process, address) = Map();
        lap.Start();
        _machine.TextPoke.Apply(process, address, _sites);
        lap.Stop(_pages);
        process.Exit();

        // The next poke is to derive them again.
        _machine.Control["/proc/sys/vm/drop_caches"] = "2";
        _machine.Settle();
    }

    public void Dispose()
    {
        File.Dispose();
        _machine.Dispose();
    }

    private void WithClones(Action<OpenFile, long> act, Lap lap, Action<OpenFile>? before)
    {
        var targets = Enumerable.Range(0, Clones).Select(i => _machine.Volume.Create($"/clone{i}")).ToList();
        targets.ForEach(target => before?.Invoke(target));
        var random = new Random(2);
        foreach (var target in targets)
        {
            var at = random.NextInt64(_pages) << Page.Shift;
            lap.Start();
            act(target, at);
            lap.Stop();
        }

        foreach (var (i, target) in targets.Index())
        {
            target.Dispose();
            _machine.Volume.Unlink($"/clone{i}");
        }

        _machine.Settle();
    }

    private (Process Process, long Address) Map()
    {
        var process = _machine.Processes.Spawn(_machine.Processes.User(0), "grown");
        return (process, process.Memory.Map(File, 0, _pages << Page.Shift, Protection.Read | Protection.Execute));
    }

    private PatchSet EverySite()
    {
        var builder = new PatchSetBuilder();
        for (var i = 0L; i < _pages; i++)
        {
            builder.Add(i << Page.Shift, [Content], [0xCC]);
        }

        var set = builder.Build();
        _ = set.Id;
        return set;
    }
}
