using Reflink.Measuring;

namespace Reflink.Benchmarks;

/// <summary>
/// Our side of the clone benchmark: a volume with one file of each number of extents. Every other page is written, in random
/// order, so that no extent's blocks are next to its neighbour's: the counts of owners have nothing to join.
/// </summary>
internal sealed class ClonedFiles : IDisposable
{
    private const int Batch = 1_000;
    private const int Stretch = 100;
    private const int Writes = 64;
    private readonly Machine _machine = new(new MachineOptions { Memory = 4L << 30 });
    private readonly Dictionary<int, OpenFile> _sources = [];
    private readonly Random _random = new(1);
    private readonly byte[] _page = new byte[Page.Size];

    public ClonedFiles(IEnumerable<int> sizes)
    {
        _page.AsSpan().Fill(7);
        foreach (var size in sizes)
        {
            var file = _machine.Volume.Create(Source(size));
            var order = Enumerable.Range(0, size).ToArray();
            _random.Shuffle(order);
            foreach (var i in order)
            {
                file.Write(2L * i * Page.Size, _page);
            }

            _sources[size] = file;
        }
    }

    private Volume Volume => _machine.Volume;

    public string Describe() =>
        "ours: " + string.Join(", ", _sources.Keys.Select(size => $"{Volume.Extents(Source(size)).Count:N0}")) + " extents, every other page, in random order";

    public void Clone(Lap lap, int size)
    {
        var targets = Make(Batch, clone: null);
        var source = _sources[size];
        InStretches(lap, targets, target => Volume.Clone(source, target));
        Remove(targets);
    }

    public void CloneNamed(Lap lap, int size)
    {
        var names = Enumerable.Range(0, Batch).Select(Name).ToArray();
        var source = Source(size);
        InStretches(lap, names, name => Volume.Clone(source, name));
        foreach (var name in names)
        {
            Volume.Unlink(name);
        }
    }

    public void WriteToClones(Lap lap, int size)
    {
        var targets = Make(Writes, _sources[size]);
        var middle = Middle(size);
        foreach (var target in targets)
        {
            lap.Start();
            target.Write(middle, [1]);
            lap.Stop();
        }

        Remove(targets);
    }

    public void WriteToSource(Lap lap, int size)
    {
        var source = _sources[size];
        for (var i = 0; i < Writes; i++)
        {
            var targets = Make(1, source);
            lap.Start();
            source.Write(Middle(size), _page);
            lap.Stop();
            Remove(targets);
        }
    }

    public void Drop(Lap lap, int size) => Drop(lap, Make(Batch, _sources[size]));

    public void DropWritten(Lap lap, int size)
    {
        var targets = Make(Batch, _sources[size]);
        foreach (var target in targets)
        {
            target.Write(Middle(size), [1]);
        }

        Drop(lap, targets);
    }

    public void Dispose() => _machine.Dispose();

    private static string Source(int size) => $"/source{size}";

    private static string Name(int i) => $"/clone{i}";

    private static long Middle(int size) => 2L * (size / 2) * Page.Size;

    private void Drop(Lap lap, OpenFile[] targets)
    {
        var order = Enumerable.Range(0, targets.Length).Select(Name).ToArray();
        _random.Shuffle(order);
        Array.ForEach(targets, t => t.Dispose());
        InStretches(lap, order, Volume.Unlink);
    }

    // Short stretches, so that one in which another process ran is an outlier and not the result. A stretch ends when all
    // that it freed is free.
    private void InStretches<T>(Lap lap, T[] all, Action<T> act)
    {
        foreach (var stretch in all.Chunk(Stretch))
        {
            lap.Start();
            foreach (var one in stretch)
            {
                act(one);
            }

            _machine.Settle();
            lap.Stop(stretch.Length);
        }
    }

    private OpenFile[] Make(int count, OpenFile? clone)
    {
        var targets = new OpenFile[count];
        for (var i = 0; i < count; i++)
        {
            targets[i] = Volume.Create(Name(i));
            if (clone is not null)
            {
                Volume.Clone(clone, targets[i]);
            }
        }

        return targets;
    }

    private void Remove(OpenFile[] targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i].Dispose();
            Volume.Unlink(Name(i));
        }

        _machine.Settle();
    }
}
