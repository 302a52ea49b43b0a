namespace Reflink.Benchmarks;

/// <summary>The bytes that one-byte patches leave, laid out so that checking a load costs next to nothing beside the load.</summary>
internal sealed class PatchedBytes(PatchSet set)
{
    /// <summary>Where in the file, ascending.</summary>
    public long[] Offsets { get; } = [.. Enumerable.Range(0, set.Count).Select(set.Offset)];

    /// <summary>What shall be there.</summary>
    public byte[] Values { get; } = [.. Enumerable.Range(0, set.Count).Select(i => set.New(i)[0])];
}
