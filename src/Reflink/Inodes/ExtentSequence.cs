using System.Collections;

namespace Reflink.Inodes;

/// <summary>The extents of a range of a map, in order and clipped to the range. A foreach over it allocates nothing.</summary>
internal readonly struct ExtentSequence : IEnumerable<Extent>
{
    private readonly ExtentMap _map;
    private readonly PageRange _range;

    internal ExtentSequence(ExtentMap map, PageRange range) => (_map, _range) = (map, range);

    /// <summary>Starts at the front.</summary>
    public ExtentEnumerator GetEnumerator() => new(_map, _range);

    IEnumerator<Extent> IEnumerable<Extent>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
