using Reflink.Files;
using Reflink.Machines;
using Reflink.Measuring;

namespace Reflink.Benchmarks.Cached;

/// <summary>A file of a volume, all of whose pages are in the page cache.</summary>
internal sealed class OurFile : ICachedFile
{
    private readonly Machine _machine;
    private readonly OpenFile _file;

    public OurFile(long bytes)
    {
        _machine = new Machine(new MachineOptions { Memory = bytes + (16 << 20) });
        _file = _machine.Volume.Create("/file");
    }

    public string Name => Contestant.Ours;

    public string Note => "OpenFile, checked, metered, times kept";

    public void Read(long offset, Span<byte> page) => _file.Read(offset, page);

    public void Write(long offset, ReadOnlySpan<byte> page) => _file.Write(offset, page);

    public void Dispose()
    {
        _file.Dispose();
        _machine.Dispose();
    }
}
