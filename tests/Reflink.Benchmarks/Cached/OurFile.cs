using Reflink.Measuring;

namespace Reflink.Benchmarks.Cached;

/// <summary>A file of a volume, all of whose pages are in the page cache.</summary>
internal sealed class OurFile : ICachedFile
{
    private readonly Machine _machine;
    private readonly OpenFile _file;

    public OurFile(long bytes, string name = Contestant.Ours)
    {
        Name = name;
        _machine = new Machine(new MachineOptions { Memory = bytes + (16 << 20) });
        _file = _machine.Volume.Create("/file");
    }

    public string Name { get; }

    public string Note => "OpenFile, checked, metered, times kept";

    public void Read(long offset, Span<byte> page) => _file.Read(offset, page);

    public void Write(long offset, ReadOnlySpan<byte> page) => _file.Write(offset, page);

    /// <summary>Has every page come into memory anew, in random order, so that no page's frame tells where another's is.</summary>
    public void Scatter()
    {
        _machine.DropCaches();
        var pages = Enumerable.Range(0, (int)(_file.Size >> Page.Shift)).ToArray();
        new Random(1).Shuffle(pages);
        foreach (var page in pages)
        {
            _file.Read((long)page << Page.Shift, new byte[1]);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }
}
