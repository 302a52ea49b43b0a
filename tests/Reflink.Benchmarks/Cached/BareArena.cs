using Reflink.Cache.Memory;

namespace Reflink.Benchmarks.Cached;

/// <summary>The copy and nothing else, from the same kind of memory as our frames, huge pages included.</summary>
internal sealed unsafe class BareArena(long bytes) : ICachedFile
{
    private readonly NativeRegion _region = new(bytes);

    public string Name => "bare copy";

    public string Note => "Span.CopyTo, the same arena";

    public void Read(long offset, Span<byte> page) => At(offset).CopyTo(page);

    public void Write(long offset, ReadOnlySpan<byte> page) => page.CopyTo(At(offset));

    public void Dispose() => _region.Dispose();

    private Span<byte> At(long offset) => new(_region.Address + offset, Page.Size);
}
